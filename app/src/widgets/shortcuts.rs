//! The keys of the page, and the list of them.

use leptos::prelude::*;

use super::{
    Icon,
    dialog::Dialog,
    dialogs,
    erased_view::{ErasedView, IntoErasedView, click, list},
    icon,
    overlays::Overlays,
};
use crate::{
    i18n::{Pick, Words},
    lazy::{ChunkContent, LazyChunk},
    live::effect,
    pages::Chat,
    ports::{Browser, Key},
};

type Shortcut = (&'static [&'static str], Pick);

const SHORTCUTS: [Shortcut; 6] = [
    (&["Ctrl", "K"], |w| w.key_palette),
    (&["C"], |w| w.chat.open),
    (&["?"], |w| w.key_shortcuts),
    (&["←", "→"], |w| w.key_move),
    (&["Home", "End"], |w| w.key_ends),
    (&["Esc"], |w| w.key_close),
];

/// Hears the keys that work everywhere.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let (overlays, chat) = (Overlays::here(), Chat::here());
    effect(move || {
        let Some(browser) = use_context::<Browser>() else { return };
        let guard = browser.on_key(Box::new(move |key| press(&key, overlays, chat)));
        let guard = send_wrapper::SendWrapper::new(guard);
        on_cleanup(move || drop(guard));
    });
}

fn press(key: &Key, overlays: Overlays, chat: Chat) -> bool {
    if key.command && key.key.eq_ignore_ascii_case("k") {
        overlays.shortcuts.set(false);
        overlays.palette.update(|open| *open = !*open);
        return true;
    }
    // A letter that is meant for what is open must not act on the page behind it, even before its field is there.
    if key.in_text || key.command || is_busy(overlays, chat) {
        return false;
    }
    if key.key.eq_ignore_ascii_case("c") {
        chat.show(true);
        return true;
    }
    if key.key == "?" {
        overlays.shortcuts.set(true);
        return true;
    }
    false
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
    let row = |(keys, meaning): Shortcut| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }.fresh());
        view! {
            <dt>{list(keys)}</dt>
            <dd>{meaning(words)}</dd>
        }
        .fresh()
    };
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
        <dl class="keys">{list(SHORTCUTS.map(row))}</dl>
    }
    .fresh()
}
