//! In the browser: the server's picture and words are already there, and nothing is to be known here.

use charts::Chart;
use common::host::{HostId, HostSnapshot};
use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use super::Reader;
use crate::{
    i18n::Language,
    lazy::ChunkContent,
    pages::{Elsewhere, Overview},
};

/// None: the canvas is the browser's picture.
pub(crate) fn picture(_chart: &Chart, _width: u32, _height: u32) -> String {
    String::new()
}

/// None: a page that was not rendered by the server asks for its host.
pub(crate) fn host(_id: &HostId) -> Option<HostSnapshot> {
    None
}

/// None: they come in a piece.
pub(crate) const fn bodies() -> Option<&'static ChunkContent> {
    None
}

/// Reads the settings that the server has written on the root element.
pub(crate) fn reader() -> Reader {
    let root = document().document_element();
    let mark = |name| root.as_ref().and_then(|root| root.get_attribute(name));
    let language = Language::choose(mark("lang").as_deref(), None);
    Reader { language, theme: mark("data-theme"), network: None }
}

/// The answer has been given long ago.
pub(crate) fn set_status(_status: u16) {}

/// The first page, and one for all that is elsewhere: each route of the router's brings its code for every kind of address.
pub(crate) fn routes() -> impl IntoView {
    // The router forgets what its fallback has made at every change of the address, and shows it on where the path is the same
    // (a link to a place in the page): so it is made under an owner of its own.
    let outer = Owner::current().unwrap_or_default();
    let elsewhere = move || {
        let owner = outer.child();
        let view = owner.with(Elsewhere);
        OwnedView::new_with_owner(view, owner)
    };
    view! {
        <FlatRoutes fallback=elsewhere>
            <Route path=path!("/") view=Overview />
        </FlatRoutes>
    }
}
