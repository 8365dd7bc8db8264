//! The app: what every page shares, and which page is where.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::{
    first_paint,
    lazy::{self, LazyChunk},
    live::{Clock, Connection, Notifications, effect},
    page::Page,
    pages::Chat,
    ports::Browser,
    widgets::{Crosshair, Frame, Overlays, Preferences},
};

/// The root component, the same on the server and in the browser. The server provides [`crate::ports::Server`] and
/// the browser [`Browser`] as context before it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let reader = first_paint::reader();
    let notifications = Notifications::new();
    provide_context(Page {
        language: reader.language,
        clock: Clock::new(),
        notifications,
        line: Connection::new(notifications),
        chat: Chat::new(),
        lab: LazyChunk::new(lazy::lab),
        finder: LazyChunk::new(lazy::finder),
        keys: LazyChunk::new(lazy::keys),
        exports: LazyChunk::new(lazy::exports),
        popovers: LazyChunk::new(lazy::popovers),
        bodies: LazyChunk::rendered(lazy::bodies, first_paint::bodies()),
        preferences: Preferences::new(reader.theme.as_deref(), notifications),
        overlays: Overlays::new(),
        crosshair: Crosshair::new(),
    });
    effect(|| {
        if let Some(browser) = use_context::<Browser>() {
            browser.mark_root("data-hydrated", Some(""));
        }
    });
    view! {
        <Router>
            <Frame>
                {first_paint::routes()}
            </Frame>
        </Router>
    }
}
