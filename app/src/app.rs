//! The app: what every page shares, and which page is where.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::{
    first_paint,
    live::{Bell, Clock, Line},
    pages::{NotFound, Overview},
    ports::Browser,
    widgets::{Frame, Preferences},
};

/// The root component, the same on the server and in the browser. The server provides [`crate::ports::Server`] and
/// the browser [`Browser`] as context before it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let reader = SharedValue::new(first_paint::reader).into_inner();
    let bell = Bell::new();
    provide_context(reader.language);
    provide_context(Preferences::new(reader.theme.as_deref()));
    provide_context(Clock::new());
    provide_context(bell);
    provide_context(Line::new(bell));
    Effect::new(|_| {
        if let Some(browser) = use_context::<Browser>() {
            browser.mark_root("data-hydrated", Some(""));
        }
    });
    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=Overview />
                </Routes>
            </Frame>
        </Router>
    }
}
