//! One field that reaches every page, card and action.

use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use web_sys::{Element, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    dialog::Dialog,
    dialogs,
    part::{IntoPart, Part, Place, change, click, hear, keys, list, live, text, when},
    preferences::{Preferences, Theme},
    rail::PAGES,
};
use crate::{
    live::{Line, Slot, effect},
    page::Page,
    pages::{CARDS, Chat},
    words::{Language, Words},
};

/// What an entry does.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Go(&'static str),
    Card(&'static str),
    Chat,
    /// The room at this place of the list.
    Room(usize),
    Connect,
    Disconnect,
    Use(Option<&'static str>),
    Theme(Theme),
    Language(Language),
    Shortcuts,
}

#[derive(Clone, PartialEq)]
struct Entry {
    name: String,
    kind: &'static str,
    /// The key that does the same.
    key: &'static str,
    deed: Deed,
}

fn entries(line: Line, chat: Chat, words: &'static Words) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut add = |kind, name: String, deed| all.push(Entry { name, kind, key: "", deed });
    for page in PAGES {
        add(words.kind_page, (page.name)(words).to_owned(), Deed::Go(page.path));
    }
    for (id, name) in CARDS {
        add(words.kind_card, name(words).to_owned(), Deed::Card(id));
    }
    for (index, (room, _)) in chat.all_rooms().into_iter().enumerate() {
        add(words.kind_room, (words.chat.go_to)(room.as_str()), Deed::Room(index));
    }
    all.push(Entry { name: words.chat.open.to_owned(), kind: words.kind_action, key: "C", deed: Deed::Chat });
    let mut add = |kind, name: String, deed| all.push(Entry { name, kind, key: "", deed });
    add(words.kind_action, words.connect_all.to_owned(), Deed::Connect);
    add(words.kind_action, words.disconnect_all.to_owned(), Deed::Disconnect);
    add(words.kind_action, (words.wire.use_transport)(words.wire.automatic), Deed::Use(None));
    for (id, name) in line.transports() {
        add(words.kind_action, (words.wire.use_transport)(name), Deed::Use(Some(id)));
    }
    for theme in Theme::ALL {
        add(words.kind_action, (words.theme_is)(theme.name(words)), Deed::Theme(theme));
    }
    for language in Language::ALL {
        add(words.kind_action, [words.language, ": ", language.name()].concat(), Deed::Language(language));
    }
    add(words.kind_action, words.shortcuts.to_owned(), Deed::Shortcuts);
    all
}

/// Those whose name has every word of the query; those where a word begins so come first.
fn find(entries: Vec<Entry>, query: &str) -> Vec<Entry> {
    let query = query.to_ascii_lowercase();
    let has = |entry: &Entry, fits: fn(&str, &str) -> bool| {
        let name = entry.name.to_ascii_lowercase();
        query.split_whitespace().all(|word| fits(&name, word))
    };
    let begins = |name: &str, word: &str| name.split_whitespace().any(|part| part.starts_with(word));
    let (mut first, rest): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| has(entry, begins));
    first.extend(rest.into_iter().filter(|entry| has(entry, |name, word| name.contains(word))));
    first
}

#[component]
pub(crate) fn Palette() -> impl IntoView {
    let overlays = Page::here().overlays;
    view! { <Dialog open=overlays.palette class="dialog dialog--palette" label=Words::here().palette body=|| dialogs::body(Page::here().finder) /> }
}

/// The field and its answers: a combobox with a list, as WAI-ARIA APG describes it.
pub(super) fn finder() -> Part {
    let (Page { overlays, chat, line, .. }, words) = (Page::here(), Words::here());
    let preferences = Preferences::here();
    let navigate = use_navigate();
    let (query, chosen) = (Slot::new(String::new()), Slot::new(0_usize));
    let found = move || query.with(|query| find(entries(line, chat, words), query));
    let answers = Place::new();
    let field = Place::new();
    effect(move || {
        if let Some(field) = field.get::<HtmlInputElement>() {
            let _ = field.focus();
        }
    });
    let act = Callback::new(move |deed: Deed| {
        overlays.palette.set(false);
        match deed {
            Deed::Go(path) => navigate(path, Default::default()),
            Deed::Card(id) => navigate(&["/#", id].concat(), Default::default()),
            Deed::Chat => chat.show(!chat.open.peek()),
            Deed::Room(index) => chat.show_room(index),
            Deed::Connect => line.connect_all(),
            Deed::Disconnect => line.disconnect_all(),
            Deed::Use(id) => line.pin_transport(id),
            Deed::Theme(theme) => preferences.choose_theme(theme),
            Deed::Language(language) => preferences.choose_language(language),
            Deed::Shortcuts => overlays.shortcuts.set(true),
        }
    });
    let choose = move |index: usize| {
        chosen.set(index);
        if let Some(answers) = answers.peek::<Element>() {
            reveal(&answers, index);
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        let found = untrack(found);
        let (count, index) = (found.len(), chosen.peek());
        match event.key().as_str() {
            "ArrowDown" if count > 0 => choose((index + 1) % count),
            "ArrowUp" if count > 0 => choose((index + count - 1) % count),
            "Enter" => {
                if let Some(entry) = found.get(index) {
                    act.run(entry.deed);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let on_input = move || {
        query.set(field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default());
        chosen.set(0);
    };
    let answer = move |(index, entry): (usize, Entry)| {
        let deed = entry.deed;
        let key = if entry.key.is_empty() { ().part() } else { view! { <kbd>{entry.key}</kbd> }.fresh() };
        view! {
            <li
                id=["answer-", &index.to_string()].concat()
                role="option"
                class="answers__item"
                aria-selected=text(move || (chosen.get() == index).to_string())
                on:pointermove=hear(move |_| chosen.set(index))
                on:click=click(move || act.run(deed))
            >
                <span>{entry.name}</span>
                {key}
                <span class="answers__kind">{entry.kind}</span>
            </li>
        }
        .fresh()
    };
    let none = move || view! { <p class="palette__none" role="status">{words.palette_none}</p> }.fresh();
    view! {
        <input
            node_ref=field
            class="palette__field"
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck="false"
            aria-expanded="true"
            aria-controls="answers"
            aria-activedescendant=text(move || ["answer-", &chosen.get().to_string()].concat())
            aria-label=words.palette
            placeholder=words.palette_hint
            on:input=change(on_input)
            on:keydown=keys(on_key)
        />
        <ul node_ref=answers id="answers" class="answers" role="listbox" aria-label=words.palette>
            {live(move || list(found().into_iter().enumerate().map(answer)))}
        </ul>
        {when(move || found().is_empty(), none)}
    }
    .fresh()
}

/// Scrolls the list just as far as it takes to show the entry.
fn reveal(answers: &Element, index: usize) {
    let Some(entry) = answers.children().item(index as u32) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    entry.scroll_into_view_with_scroll_into_view_options(&options);
}
