//! The keys of the page, and the list of them.

use leptos::prelude::*;

use super::{Icon, dialog::Dialog, frame::Overlays, icon};
use crate::{
    ports::{Browser, Key},
    words::{Pick, Tongue, t},
};

type Shortcut = (&'static [&'static str], Pick);

const SHORTCUTS: [Shortcut; 5] = [
    (&["Ctrl", "K"], |w| w.key_palette),
    (&["?"], |w| w.key_shortcuts),
    (&["←", "→"], |w| w.key_move),
    (&["Home", "End"], |w| w.key_ends),
    (&["Esc"], |w| w.key_close),
];

/// Hears the keys that work everywhere.
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let overlays: Overlays = expect_context();
    Effect::new(move |_| {
        let Some(browser) = use_context::<Browser>() else { return };
        let guard = browser.on_key(Box::new(move |key| press(&key, overlays)));
        let guard = send_wrapper::SendWrapper::new(guard);
        on_cleanup(move || drop(guard));
    });
}

fn press(key: &Key, overlays: Overlays) -> bool {
    if key.command && key.key.eq_ignore_ascii_case("k") {
        overlays.shortcuts.set(false);
        overlays.palette.update(|open| *open = !*open);
        return true;
    }
    if key.key == "?" && !key.in_text && !key.command {
        overlays.palette.set(false);
        overlays.shortcuts.set(true);
        return true;
    }
    false
}

#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let (overlays, tongue) = (expect_context::<Overlays>(), Tongue::here());
    let row = |(keys, meaning): Shortcut| {
        view! {
            <dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dt>
            <dd>{t(meaning)}</dd>
        }
    };
    view! {
        <Dialog open=overlays.shortcuts class="dialog dialog--shortcuts" label=Signal::derive(move || tongue.words().shortcuts)>
            <header class="dialog__head">
                <h2>{t(|w| w.shortcuts)}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=t(|w| w.close)
                    on:click=move |_| overlays.shortcuts.set(false)
                >
                    {icon(Icon::CLOSE)}
                </button>
            </header>
            <dl class="keys">{SHORTCUTS.map(row).into_iter().collect_view()}</dl>
        </Dialog>
    }
}
