//! The feature of pages and their files: all that it adds to the server.

use axum::Router;

use super::{not_found, pages, socketio_client};
use crate::feature::{Assembly, Feature, FeatureParts, StartContext};

pub(crate) const FEATURE: Feature =
    Feature { name: "web", settings: &[], operations: Vec::new, topic_policies: Vec::new, start };

fn start(_: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let routes = |all: &Assembly| {
        Router::new()
            .merge(not_found::routes())
            .merge(socketio_client::routes())
            .merge(pages::routes(&all.pages))
    };
    Ok(FeatureParts { routes: Box::new(routes), ..FeatureParts::default() })
}
