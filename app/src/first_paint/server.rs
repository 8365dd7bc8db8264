//! On the server: from the request, through its ports.

use charts::Chart;
use common::host::{HostId, HostSnapshot};
use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use super::Reader;
use crate::{
    pages::{Elsewhere, Overview},
    ports::Server,
    words::Language,
};

/// The chart as SVG text.
pub(crate) fn picture(chart: &Chart, width: u32, height: u32) -> String {
    charts::svg(chart, width, height)
}

/// A host as it is now.
pub(crate) fn host(id: &HostId) -> Option<HostSnapshot> {
    use_context::<Server>().and_then(|server| server.0.host(id))
}

/// Who asks.
pub(crate) fn reader() -> Reader {
    let server = use_context::<Server>();
    let preference = |name| server.as_ref().and_then(|server| server.0.preference(name));
    let accepted = server.as_ref().and_then(|server| server.0.accept_language());
    let theme = preference("theme").filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    let language = Language::choose(preference("lang").as_deref(), accepted.as_deref());
    Reader { language, theme, network: server.as_ref().and_then(|server| server.0.network()) }
}

/// Answers with another status.
pub(crate) fn set_status(status: u16) {
    if let Some(server) = use_context::<Server>() {
        server.0.set_status(status);
    }
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
