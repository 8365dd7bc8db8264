//! The app: what every page shares, and which page is where.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::{
    first_paint,
    live::{Bell, Clock, Line, effect},
    page::Page,
    pages::Chat,
    pieces::{self, Piece},
    ports::Browser,
    widgets::{Crosshair, Frame, Overlays, Preferences},
};

/// The root component, the same on the server and in the browser. The server provides [`crate::ports::Server`] and
/// the browser [`Browser`] as context before it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let reader = first_paint::reader();
    let bell = Bell::new();
    provide_context(Page {
        language: reader.language,
        clock: Clock::new(),
        bell,
        line: Line::new(bell),
        chat: Chat::new(),
        lab: Piece::new(pieces::lab),
        finder: Piece::new(pieces::finder),
        keys: Piece::new(pieces::keys),
        exports: Piece::new(pieces::exports),
        preferences: Preferences::new(reader.theme.as_deref(), bell),
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
