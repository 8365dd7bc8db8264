//! One field that reaches every page, card and action.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

use super::{
    dialog::Dialog,
    frame::Overlays,
    preferences::{Preferences, Theme},
    rail::PAGES,
};
use crate::{
    live::Line,
    pages::CARDS,
    words::{Language, Tongue, Words, t},
};

/// What an entry does.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Go(&'static str),
    Card(&'static str),
    Connect,
    Disconnect,
    Use(&'static str),
    Theme(Theme),
    Language(Language),
    Shortcuts,
}

#[derive(Clone, PartialEq)]
struct Entry {
    name: String,
    kind: &'static str,
    deed: Deed,
}

fn entries(line: Line, words: &'static Words) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut add = |kind, name: String, deed| all.push(Entry { name, kind, deed });
    for page in PAGES {
        add(words.kind_page, (page.name)(words).to_owned(), Deed::Go(page.path));
    }
    for (id, name) in CARDS {
        add(words.kind_card, name(words).to_owned(), Deed::Card(id));
    }
    add(words.kind_action, words.connect_all.to_owned(), Deed::Connect);
    add(words.kind_action, words.disconnect_all.to_owned(), Deed::Disconnect);
    for (id, name) in line.transports() {
        add(words.kind_action, (words.use_transport)(name), Deed::Use(id));
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
    let query = query.to_lowercase();
    let has = |entry: &Entry, fits: fn(&str, &str) -> bool| {
        let name = entry.name.to_lowercase();
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
    let (overlays, tongue) = (expect_context::<Overlays>(), Tongue::here());
    view! {
        <Dialog open=overlays.palette class="dialog dialog--palette" label=Signal::derive(move || tongue.words().palette)>
            <Finder />
        </Dialog>
    }
}

/// The field and its answers: a combobox with a list, as WAI-ARIA APG describes it.
#[component]
fn Finder() -> impl IntoView {
    let (overlays, tongue, line) = (expect_context::<Overlays>(), Tongue::here(), Line::here());
    let preferences = Preferences::here();
    let navigate = use_navigate();
    let (query, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| find(entries(line, tongue.words()), &query.get()));
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let act = Callback::new(move |deed: Deed| {
        overlays.palette.set(false);
        match deed {
            Deed::Go(path) => navigate(path, Default::default()),
            Deed::Card(id) => navigate(&["/#", id].concat(), Default::default()),
            Deed::Connect => line.connect_all(),
            Deed::Disconnect => line.disconnect_all(),
            Deed::Use(id) => line.use_transport(id),
            Deed::Theme(theme) => preferences.choose_theme(theme),
            Deed::Language(language) => preferences.choose_language(tongue, language),
            Deed::Shortcuts => overlays.shortcuts.set(true),
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|index| *index = (*index + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|index| *index = (*index + count - 1) % count),
            "Enter" => {
                let deed =
                    found.with_untracked(|found| found.get(chosen.get_untracked()).map(|entry| entry.deed));
                if let Some(deed) = deed {
                    act.run(deed);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let answers = move || {
        let answer = |(index, entry): (usize, Entry)| {
            let deed = entry.deed;
            view! {
                <li
                    id=["answer-", &index.to_string()].concat()
                    role="option"
                    class="answers__item"
                    aria-selected=move || (chosen.get() == index).to_string()
                    on:pointermove=move |_| chosen.set(index)
                    on:click=move |_| act.run(deed)
                >
                    <span>{entry.name}</span>
                    <span class="answers__kind">{entry.kind}</span>
                </li>
            }
        };
        found.get().into_iter().enumerate().map(answer).collect_view()
    };
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
            aria-activedescendant=move || ["answer-", &chosen.get().to_string()].concat()
            aria-label=t(|w| w.palette)
            placeholder=t(|w| w.palette_hint)
            on:input:target=move |event| {
                query.set(event.target().value());
                chosen.set(0);
            }
            on:keydown=on_key
        />
        <ul id="answers" class="answers" role="listbox" aria-label=t(|w| w.palette)>{answers}</ul>
        <Show when=move || found.with(Vec::is_empty)>
            <p class="palette__none" role="status">{t(|w| w.palette_none)}</p>
        </Show>
    }
}
