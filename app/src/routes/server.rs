//! On the server: every page is at hand.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use crate::{
    lazy::ChunkContent,
    pages::{BODIES, Elsewhere, Overview},
};

/// The chunks of which the server renders something: the bodies of the cards below the first view.
pub(crate) const fn rendered() -> &'static [(&'static str, &'static ChunkContent)] {
    const { &[("bodies", &BODIES)] }
}

/// Every page by its address: the server answers no other one with a page.
pub(crate) fn routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=Elsewhere>
            <Route path=path!("/") view=Overview />
            <Route path=path!("/lab/:page?") view=Elsewhere />
        </FlatRoutes>
    }
}
