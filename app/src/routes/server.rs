//! On the server: every page is at hand.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use crate::{
    lazy::ChunkContent,
    pages::{self, BODIES, Outlet},
};

/// The chunks of which the server renders something: the bodies of the cards below the first view.
pub(crate) const fn rendered() -> &'static [(&'static str, &'static ChunkContent)] {
    const { &[("bodies", &BODIES)] }
}

/// The pages, without an owner of their own: the server renders one of them, once.
pub(crate) fn routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=Outlet>
            <Route path=path!("/") view=super::first />
        </FlatRoutes>
    }
}

/// The address of every page: the server answers no other one with a page.
pub fn paths() -> impl Iterator<Item = &'static str> {
    pages::routes().flat_map(|route| route.paths.iter().copied())
}
