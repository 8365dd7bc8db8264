//! What stands around every page: skip link, rail, top bar, and what opens above them.

use leptos::prelude::*;

use super::{
    Icon,
    badge::Badge,
    bell::BellButton,
    icon,
    palette::Palette,
    preferences::{LanguageSwitch, ThemeSwitch},
    rail::{PAGES, Rail},
    range::RangeChoice,
    shortcuts::{Keys, Shortcuts},
    toast::Toast,
};
use crate::{
    live::Line,
    words::{Tongue, t},
};

/// What can be open above the page, in context.
#[derive(Clone, Copy)]
pub(crate) struct Overlays {
    pub(crate) palette: RwSignal<bool>,
    pub(crate) shortcuts: RwSignal<bool>,
}

#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    let overlays = Overlays { palette: RwSignal::new(false), shortcuts: RwSignal::new(false) };
    provide_context(overlays);
    view! {
        <a class="skip" href="#main">{t(|w| w.skip)}</a>
        <div class="frame">
            <Rail />
            <TopBar overlays />
            <main class="main" id="main" tabindex="-1">
                <noscript>
                    <p class="notice" role="note">{t(|w| w.no_script)}</p>
                </noscript>
                {children()}
            </main>
        </div>
        <Palette />
        <Shortcuts />
        <Toast />
        <Keys />
    }
}

#[component]
fn TopBar(overlays: Overlays) -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    let tongue = Tongue::here();
    let here = move || {
        let page = path.with(|path| PAGES.iter().find(|page| page.path == path));
        page.map_or(tongue.words().product, |page| (page.name)(tongue.words()))
    };
    view! {
        <header class="top">
            <p class="top__here">{here}</p>
            <div class="top__tools" role="group" aria-label=t(|w| w.page_tools)>
                <Badge />
                <ConnectAll />
                <RangeChoice />
                <button
                    type="button"
                    class="icon-button icon-button--search needs-js"
                    data-testid="palette"
                    aria-label=t(|w| w.palette)
                    aria-keyshortcuts="Control+K Meta+K"
                    title=t(|w| w.palette)
                    on:click=move |_| overlays.palette.set(true)
                >
                    {icon(Icon::SEARCH)}
                    <kbd class="top__key" aria-hidden="true">"Ctrl K"</kbd>
                </button>
                <BellButton />
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
        </header>
    }
}

/// Opens or closes the page's connection with every card on it. Both buttons are always in the document, one of them
/// hidden, so that their names mean one thing each.
#[component]
fn ConnectAll() -> impl IntoView {
    let line = Line::here();
    view! {
        <button
            type="button"
            class="button needs-js"
            data-testid="connect-all"
            hidden=move || line.is_wanted()
            title=t(|w| w.connect_all)
            aria-label=t(|w| w.connect_all)
            on:click=move |_| line.connect_all()
        >
            {icon(Icon::PLAY)}
            <span class="button__word">{t(|w| w.connect)}</span>
        </button>
        <button
            type="button"
            class="button needs-js"
            data-testid="disconnect-all"
            hidden=move || !line.is_wanted()
            title=t(|w| w.disconnect_all)
            aria-label=t(|w| w.disconnect_all)
            on:click=move |_| line.disconnect_all()
        >
            {icon(Icon::STOP)}
            <span class="button__word">{t(|w| w.disconnect)}</span>
        </button>
    }
}
