//! In the browser: the code of one page is there, and the router's is short.

use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use crate::{lazy::ChunkContent, pages::Outlet};

/// None: what the server has rendered of a chunk comes with the chunk.
pub(crate) const fn rendered() -> &'static [(&'static str, &'static ChunkContent)] {
    &[]
}

/// The first page, and one for all that is elsewhere: each route of the router's brings its code for every kind of address.
pub(crate) fn routes() -> impl IntoView {
    // The router forgets what its fallback has made at every change of the address, and shows it on where the path is the same
    // (a link to a place in the page): so it is made under an owner of its own.
    let outer = Owner::current().unwrap_or_default();
    let elsewhere = move || {
        let owner = outer.child();
        let view = owner.with(Outlet);
        OwnedView::new_with_owner(view, owner)
    };
    view! {
        <FlatRoutes fallback=elsewhere>
            <Route path=path!("/") view=super::first />
        </FlatRoutes>
    }
}
