//! The frame of every page: skip link, sidebar, top bar, and the overlays.

use leptos::prelude::*;

use super::{
    Icon,
    badge::Badge,
    erased_view::{Inside, IntoErasedView, click, flag, text, when},
    icon,
    notifications::BellButton,
    overlays::Overlays,
    palette::Palette,
    popovers,
    preferences::{LanguageSwitch, ThemeSwitch},
    shortcuts::{Keys, Shortcuts},
    sidebar::Sidebar,
    toast::Toast,
    toggle_buttons::ToggleButtons,
};
use crate::{
    first_paint,
    i18n::{Language, Words},
    live::Connection,
    pages::{ChatButton, ChatPanel, routes},
};

#[component]
pub(crate) fn Frame(children: Inside) -> impl IntoView {
    let overlays = Overlays::here();
    let words = Words::here();
    popovers::bring();
    view! {
        <a class="skip" href="#main" rel="external">{words.skip}</a>
        <div class="frame">
            <Sidebar />
            <TopBar overlays />
            <main class="main" id="main" tabindex="-1">
                <noscript>
                    <p class="notice" role="note">{words.no_script}</p>
                </noscript>
                {children.view()}
            </main>
            <ChatPanel />
        </div>
        <Palette />
        <Shortcuts />
        <Toast />
        <Keys />
    }
    .erase()
}

/// The key of the palette, as it stands on its button: so it is part of the button's name.
const KEY: &str = "Ctrl K";

#[component]
fn TopBar(overlays: Overlays) -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname;
    let words = Words::here();
    let (language, route) =
        (Language::here(), move || path.with(|path| routes().find(|route| route.has(path))));
    let here = move || route().map_or(words.product, |route| (route.name)(language));
    // Pages without trends have nothing to connect.
    let has_trends = move || route().is_some_and(|route| route.has_trends);
    view! {
        <header class="top">
            <p class="top__here">{text(here)}</p>
            <div class="top__tools" role="group" aria-label=words.page_tools>
                <Badge />
                {when(has_trends, || view! { <ConnectAll /> }.erase())}
                <button
                    type="button"
                    class="icon-button icon-button--search needs-js"
                    data-testid="palette"
                    aria-label=[words.palette, ", ", KEY].concat()
                    aria-keyshortcuts="Control+K Meta+K"
                    title=words.palette
                    on:click=click(move || overlays.palette.set(true))
                >
                    {icon(Icon::SEARCH)}
                    <kbd class="top__key" aria-hidden="true">{KEY}</kbd>
                </button>
                <ChatButton />
                <BellButton />
                <LanguageSwitch />
                <ThemeSwitch />
                // A document of the server's own, which needs no script.
                <a class="icon-button" href=first_paint::href("/account") rel="external" title=words.account>
                    {icon(Icon::PERSON)}
                </a>
            </div>
        </header>
    }
    .erase()
}

/// Opens or closes the page's connection with every card on it. Both buttons are always in the document, one of them
/// hidden, so that their names mean one thing each.
#[component]
fn ConnectAll() -> impl IntoView {
    let (line, words) = (Connection::here(), Words::here());
    let twins = ToggleButtons::new(move || !line.is_wanted());
    view! {
        <button
            type="button"
            class="button needs-js"
            data-testid="connect-all"
            node_ref=twins.connect
            hidden=flag(move || line.is_wanted())
            title=words.connect_all
            aria-label=words.connect_all
            on:click=click(move || line.connect_all())
        >
            {icon(Icon::PLAY)}
            <span class="button__word">{words.connect}</span>
        </button>
        <button
            type="button"
            class="button needs-js"
            data-testid="disconnect-all"
            node_ref=twins.disconnect
            hidden=flag(move || !line.is_wanted())
            title=words.disconnect_all
            aria-label=words.disconnect_all
            on:click=click(move || line.disconnect_all())
        >
            {icon(Icon::STOP)}
            <span class="button__word">{words.disconnect}</span>
        </button>
    }
    .erase()
}
