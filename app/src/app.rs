//! The app: what every page shares, and which page is where.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::Router;

use crate::{
    first_paint,
    lazy::{DOORS, provide_chunks},
    live::{Clock, Connection, Notifications, effect},
    pages::Chat,
    parts,
    ports::Browser,
    routes::{rendered, routes},
    widgets::{Crosshair, Frame, Overlays, Preferences},
};

/// The root component, the same on the server and in the browser. The server provides [`crate::ports::Server`] and
/// the browser [`Browser`] as context before it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let reader = first_paint::reader();
    parts::share(reader.language);
    parts::share(first_paint::catalog());
    provide_chunks(DOORS, rendered());
    // Each finds those before it.
    Notifications::provide();
    Clock::provide();
    Connection::provide();
    Chat::provide();
    Preferences::provide(reader.theme.as_deref());
    Overlays::provide();
    Crosshair::provide();
    effect(|| {
        if let Some(browser) = use_context::<Browser>() {
            browser.preferences.mark_root("data-hydrated", Some(""));
        }
    });
    view! {
        <Router base=first_paint::router_base()>
            <Frame>
                {routes()}
            </Frame>
        </Router>
    }
}
