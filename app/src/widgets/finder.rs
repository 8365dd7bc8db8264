//! The palette's answers: what there is to go to and to do, and what of it fits.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    Icon,
    command::{Action, Command, Commands, Group},
    dialog_words::DialogWords,
    erased_view::{ErasedView, IntoErasedView, click, list, listen, live, text, when},
    icon,
    overlays::{Finder, Overlays, Press},
    preferences::{Preferences, Theme},
};
use crate::{
    first_paint,
    i18n::{Language, WireWords, Words},
    lazy::ChunkContent,
    live::{Cell, Connection, effect},
    order::ascending,
    pages::{COMMANDS, routes},
    ports::Browser,
};

/// The recent choices are kept in this browser under this name, one a line.
const RECENT: &str = "pulseboard.recent";
/// The number of recent choices.
const RECENT_MAX: usize = 3;

/// All that can be done at this moment: of two opposites only the one that applies.
fn commands(words: &'static Words) -> Vec<Command> {
    let mut all = Commands::default();
    for route in routes() {
        all.go(Group::Pages, route.icon, (route.name)(Language::here()), route.path().to_owned());
    }
    connections(&mut all, words);
    for commands in COMMANDS {
        commands(&mut all);
    }
    preferences(&mut all, words);
    let overlays = Overlays::here();
    let show = Arc::new(move || overlays.shortcuts.set(true));
    all.run(Group::Actions, Icon::KEYS, words.shortcuts, show).key = "?";
    all.0
}

fn connections(all: &mut Commands, words: &'static Words) {
    let line = Connection::here();
    if line.is_wanted() {
        let stop = Arc::new(move || line.disconnect_all());
        all.run(Group::Actions, Icon::STOP, words.disconnect_all, stop);
    } else {
        let start = Arc::new(move || line.connect_all());
        all.run(Group::Actions, Icon::PLAY, words.connect_all, start);
    }
    for (title, is_on) in line.cards() {
        let (icon, name) = if is_on {
            (Icon::STOP, (WireWords::here().disconnect_one)(title))
        } else {
            (Icon::PLAY, (WireWords::here().connect_one)(title))
        };
        let turn = Arc::new(move || line.turn_card(title, !is_on));
        all.run(Group::Actions, icon, &name, turn).is_rare = true;
    }
    let pinned = line.link().pinned;
    let automatic = (None, WireWords::here().automatic);
    let known = line.transports().into_iter().map(|(id, name)| (Some(id), name));
    for (id, name) in std::iter::once(automatic).chain(known).filter(|known| known.0 != pinned) {
        let pin = Arc::new(move || line.pin_transport(id));
        all.run(Group::Actions, Icon::WIRE, &(WireWords::here().use_transport)(name), pin);
    }
}

fn preferences(all: &mut Commands, words: &'static Words) {
    let preferences = Preferences::here();
    for theme in Theme::ALL.into_iter().filter(|theme| *theme != preferences.theme.get()) {
        let name = (words.theme_is)(theme.name(words));
        let choose = Arc::new(move || preferences.choose_theme(theme));
        all.run(Group::Actions, theme.icon(), &name, choose);
    }
    for other in Language::ALL.into_iter().filter(|other| *other != Language::here()) {
        let name = [words.language, ": ", other.name()].concat();
        let choose = Arc::new(move || preferences.choose_language(other));
        all.run(Group::Actions, Icon::LANGUAGE, &name, choose);
    }
}

/// Those whose name has every word of the query. Those where a word begins so come first, and with them their group.
fn find(entries: Vec<Command>, query: &str) -> Vec<Command> {
    let query = query.to_ascii_lowercase();
    let rank = |entry: &Command| {
        let name = entry.name.to_ascii_lowercase();
        let begins = |word: &str| name.split_whitespace().any(|part| part.starts_with(word));
        let has = query.split_whitespace().all(|word| name.contains(word));
        has.then(|| !query.split_whitespace().all(begins))
    };
    let found: Vec<(bool, Command)> =
        entries.into_iter().filter_map(|entry| Some((rank(&entry)?, entry))).collect();
    let groups: Vec<(Group, bool)> = found.iter().map(|(rank, entry)| (entry.group, *rank)).collect();
    let best = |group| groups.iter().filter(|known| known.0 == group).map(|known| known.1).min();
    let key = |place: usize| {
        let (group, rank) = groups[place];
        (best(group), group, rank)
    };
    let order = ascending(found.len(), &|one, other| key(one).cmp(&key(other)));
    order.into_iter().map(|place| found[place].1.clone()).collect()
}

/// Lists the recent choices first, as long as the query is empty.
fn with_recent(mut rest: Vec<Command>, recent: &str) -> Vec<Command> {
    let mut first: Vec<Command> = Vec::new();
    for name in recent.lines().take(RECENT_MAX) {
        let (named, others): (Vec<Command>, Vec<Command>) =
            rest.into_iter().partition(|entry| entry.name == name);
        first.extend(named);
        rest = others;
    }
    for entry in &mut first {
        entry.group = Group::Recent;
    }
    first.extend(rest);
    first
}

/// The names of what was taken last, with this one before them.
fn remembered(recent: &str, name: &str) -> String {
    let older = recent.lines().filter(|known| *known != name);
    std::iter::once(name).chain(older).take(RECENT_MAX).collect::<Vec<_>>().join("\n")
}

/// The answers, as a chunk.
pub(crate) static FINDER: ChunkContent = ChunkContent { view: answers, rest: &() };

/// The list below the field.
fn answers() -> ErasedView {
    let (overlays, words) = (Overlays::here(), Words::here());
    let Finder { query, chosen, pressed } = overlays.finder;
    let (browser, navigate, place) = (use_context::<Browser>(), use_navigate(), use_location());
    let recent = browser.as_ref().and_then(|browser| browser.storage.kept(RECENT)).unwrap_or_default();
    let known = recent.clone();
    // A card is turned on and off where nobody asks for it by name.
    let is_usual = |entry: &Command| !entry.is_rare;
    let found = move || {
        let query = query.get();
        let all = commands(words);
        if query.trim().is_empty() {
            with_recent(all.into_iter().filter(is_usual).collect(), &known)
        } else {
            find(all, &query)
        }
    };
    let act = Callback::new(move |entry: Command| {
        overlays.palette.set(false);
        if let Some(browser) = &browser {
            browser.storage.keep(RECENT, Some(&remembered(&recent, &entry.name)));
        }
        match entry.action {
            Action::Go(path) => {
                // A card is one of the host that is shown.
                let host = place.search.get_untracked();
                let path = match path.strip_prefix("/#") {
                    Some(card)
                        if !host.is_empty() && first_paint::own(&place.pathname.get_untracked()) == "/" =>
                    {
                        ["/?", &host, "#", card].concat()
                    }
                    _ => path,
                };
                navigate(&first_paint::href(&path), NavigateOptions { resolve: false, ..Default::default() });
            }
            Action::Run(run) => run(),
        }
    });
    let ask = found.clone();
    effect(move || {
        let presses = pressed.get();
        if presses.is_empty() {
            return;
        }
        untrack(|| {
            pressed.set(Vec::new());
            let mut found = ask();
            for press in presses {
                let (count, index) = (found.len().max(1), chosen.peek());
                match press {
                    Press::Down => choose(chosen, (index + 1) % count),
                    Press::Up => choose(chosen, (index + count - 1) % count),
                    Press::Take if index < found.len() => return act.run(found.swap_remove(index)),
                    Press::Take => {}
                }
            }
        });
    });
    let (shown, none) = (found.clone(), found);
    let nothing = move || {
        view! { <p class="palette__none" role="status">{DialogWords::here().palette_none}</p> }.fresh()
    };
    view! {
        <div id="answers" class="answers" role="listbox" aria-label=words.palette>
            {live(move || list(grouped(shown()).into_iter().map(|(group, found)| section(group, found, chosen, act))))}
        </div>
        {when(move || none().is_empty(), nothing)}
        <p class="palette__keys" aria-hidden="true">
            <kbd>"↑"</kbd>
            <kbd>"↓"</kbd>
            <span>{words.finder.choose}</span>
            <kbd>"Enter"</kbd>
            <span>{words.finder.take}</span>
            <kbd>"Esc"</kbd>
            <span>{words.close}</span>
        </p>
    }
    .fresh()
}

type Numbered = Vec<(usize, Command)>;

/// Neighbours of one group together, each answer with its number.
fn grouped(found: Vec<Command>) -> Vec<(Group, Numbered)> {
    let mut groups: Vec<(Group, Numbered)> = Vec::new();
    for (index, entry) in found.into_iter().enumerate() {
        match groups.last_mut().filter(|last| last.0 == entry.group) {
            Some(last) => last.1.push((index, entry)),
            None => groups.push((entry.group, vec![(index, entry)])),
        }
    }
    groups
}

fn section(group: Group, found: Numbered, chosen: Cell<usize>, act: Callback<Command>) -> ErasedView {
    let name = group.name(Words::here());
    view! {
        <div role="group" aria-label=name>
            <p class="answers__group" aria-hidden="true">
                {(group == Group::Recent).then(|| icon(Icon::RECENT))}
                {name}
            </p>
            {list(found.into_iter().map(|(index, entry)| answer(index, entry, chosen, act)))}
        </div>
    }
    .fresh()
}

fn answer(index: usize, entry: Command, chosen: Cell<usize>, act: Callback<Command>) -> ErasedView {
    let (picture, name) = (icon(entry.icon), entry.name.clone());
    let key = if entry.key.is_empty() { ().erase() } else { view! { <kbd>{entry.key}</kbd> }.fresh() };
    view! {
        <div
            id=["answer-", &index.to_string()].concat()
            role="option"
            class="answers__item"
            aria-selected=text(move || (chosen.get() == index).to_string())
            on:pointermove=listen(move |_| chosen.set(index))
            on:click=click(move || act.run(entry.clone()))
        >
            {picture}
            <span class="answers__name">{name}</span>
            {key}
        </div>
    }
    .fresh()
}

/// Chooses an answer, and scrolls the list just as far as it takes to show it.
fn choose(chosen: Cell<usize>, index: usize) {
    chosen.set(index);
    let Some(entry) = document().get_element_by_id(&["answer-", &index.to_string()].concat()) else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    entry.scroll_into_view_with_scroll_into_view_options(&options);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(group: Group, name: &str) -> Command {
        let mut commands = Commands::default();
        commands.go(group, Icon::CARD, name, "/".to_owned());
        commands.0.remove(0)
    }

    fn names(entries: Vec<Command>) -> Vec<String> {
        entries.into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn where_a_word_begins_so_the_whole_group_comes_first_and_groups_stay_together() {
        let all = vec![
            entry(Group::Cards, "Discover"),
            entry(Group::Cards, "Old disc"),
            entry(Group::Pages, "Hidiscus"),
            entry(Group::Actions, "Disconnect all"),
        ];
        assert_eq!(names(find(all.clone(), "disc")), ["Discover", "Old disc", "Disconnect all", "Hidiscus"]);
        assert_eq!(names(find(all.clone(), " ALL disc")), ["Disconnect all"]);
        assert_eq!(grouped(find(all, "disc")).len(), 3);
    }

    #[test]
    fn what_was_taken_last_comes_first_and_stands_there_once() {
        let all = ["CPU", "Memory", "Disk"].map(|name| entry(Group::Cards, name)).to_vec();
        let shown = with_recent(all, "Disk\nCPU\ngone");
        assert_eq!(
            shown.iter().map(|entry| entry.group == Group::Recent).collect::<Vec<_>>(),
            [true, true, false]
        );
        assert_eq!(names(shown), ["Disk", "CPU", "Memory"]);
        assert_eq!(remembered("Disk\nCPU\nMemory", "CPU"), "CPU\nDisk\nMemory");
        assert_eq!(remembered("a\nb\nc", "d"), "d\na\nb");
        assert_eq!(remembered("", "d"), "d");
    }
}
