//! The keys of the page, and the list of them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Icon,
    dialog::Dialog,
    dialog_words::DialogWords,
    dialogs,
    erased_view::{ErasedView, IntoErasedView, click, list},
    icon,
    overlays::Overlays,
};
use crate::{
    i18n::{Language, Words},
    lazy::{ChunkContent, LazyChunk},
    live::effect,
    pages::{Chat, PAGES, Shortcut},
    ports::{Browser, Key},
};

/// The keys of a row, and their meaning.
type Row = (&'static [&'static str], fn(&DialogWords) -> &'static str);

/// The key that comes before those of pages.
const FIRST: Row = (&["Ctrl", "K"], |w| w.key_palette);
/// The keys that come after those of pages.
const LAST: [Row; 4] = [
    (&["?"], |w| w.key_shortcuts),
    (&["←", "→"], |w| w.key_move),
    (&["Home", "End"], |w| w.key_ends),
    (&["Esc"], |w| w.key_close),
];

/// Hears the keys that work everywhere.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let (overlays, chat, path) = (Overlays::here(), Chat::here(), use_location().pathname);
    effect(move || {
        let Some(browser) = use_context::<Browser>() else { return };
        let owner = Owner::current().unwrap_or_default();
        let act = move |shortcut: &Shortcut| owner.with(|| untrack(shortcut.act));
        let guard = browser.keys.on_key(Box::new(move |key| press(&key, overlays, chat, path, &act)));
        let guard = send_wrapper::SendWrapper::new(guard);
        on_cleanup(move || drop(guard));
    });
}

fn press(key: &Key, overlays: Overlays, chat: Chat, path: Memo<String>, act: &dyn Fn(&Shortcut)) -> bool {
    if key.command && key.key.eq_ignore_ascii_case("k") {
        overlays.shortcuts.set(false);
        overlays.palette.update(|open| *open = !*open);
        return true;
    }
    // A letter that is meant for what is open must not act on the page behind it, even before its field is there.
    if key.in_text || key.command || is_busy(overlays, chat) {
        return false;
    }
    let path = path.get_untracked();
    if let Some(shortcut) = shortcuts(&path).find(|shortcut| key.key.eq_ignore_ascii_case(shortcut.key)) {
        act(shortcut);
        return true;
    }
    if key.key == "?" {
        overlays.shortcuts.set(true);
        return true;
    }
    false
}

/// The keys of the page at an address, and of what stands beside it.
fn shortcuts(path: &str) -> impl Iterator<Item = &'static Shortcut> {
    PAGES.iter().filter(|page| page.is_shown(path)).flat_map(|page| page.shortcuts)
}

/// Returns true if an overlay is open that the reader writes in or chooses from.
fn is_busy(overlays: Overlays, chat: Chat) -> bool {
    let is_shown = |what| document().query_selector(what).ok().flatten().is_some();
    overlays.palette.peek()
        || overlays.shortcuts.peek()
        || chat.open.peek()
        || is_shown("dialog[open], .menu__panel")
        || is_shown(":popover-open")
}

#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let overlays = Overlays::here();
    view! { <Dialog open=overlays.shortcuts class="dialog dialog--shortcuts" label=Words::here().shortcuts body=|| dialogs::body(LazyChunk::of("keys")) /> }
}

/// The list of the keys, as a chunk.
pub(crate) static KEYS: ChunkContent = ChunkContent { view: keys, rest: &() };

fn keys() -> ErasedView {
    let (overlays, words) = (Overlays::here(), Words::here());
    let row = |keys: &[&'static str], meaning: &'static str| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }.fresh());
        view! {
            <dt>{list(keys)}</dt>
            <dd>{meaning}</dd>
        }
        .fresh()
    };
    let path = use_location().pathname.get_untracked();
    let meanings = DialogWords::here();
    let mut rows = vec![row(FIRST.0, FIRST.1(meanings))];
    for shortcut in shortcuts(&path) {
        rows.push(row(&[shortcut.key], (shortcut.meaning)(Language::here())));
    }
    rows.extend(LAST.map(|(keys, meaning)| row(keys, meaning(meanings))));
    view! {
        <header class="dialog__head">
            <h2>{words.shortcuts}</h2>
            <button
                type="button"
                class="icon-button"
                aria-label=words.close
                on:click=click(move || overlays.shortcuts.set(false))
            >
                {icon(Icon::CLOSE)}
            </button>
        </header>
        <dl class="keys">{list(rows)}</dl>
    }
    .fresh()
}
