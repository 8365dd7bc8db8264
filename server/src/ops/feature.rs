//! The feature of the addresses for operators: all that it adds to the server.

use std::sync::Arc;

use axum::{Router, routing::get};
use fanout::TopicPolicy;

use super::{
    connections::{self, ConnectionsApi},
    health::{self, Readiness},
    metrics,
};
use crate::{
    feature::{Assembly, Feature, FeatureParts, StartContext},
    topic_policies::latest,
};

pub(crate) const FEATURE: Feature = Feature { name: "ops", settings: &[], topic_policies, start };

/// Nothing is ever published there: a page that follows its own finds its connection by it among all.
fn topic_policies() -> Vec<TopicPolicy> {
    vec![latest("page/*", 2_000)]
}

fn start(context: &StartContext<'_>) -> anyhow::Result<FeatureParts> {
    let hub = context.hub.clone();
    let routes = |all: &Assembly| {
        let readiness = Readiness { hub, checks: Arc::clone(&all.health) };
        let api = ConnectionsApi { live: all.live.clone(), address: all.address };
        Router::new()
            .route(super::PROBE, super::alive())
            .route("/readyz", get(health::ready).with_state(readiness))
            .route("/metrics", get(metrics::expose).with_state(Arc::clone(&all.registry)))
            .merge(connections::routes(api))
    };
    Ok(FeatureParts { routes: Box::new(routes), ..FeatureParts::default() })
}
