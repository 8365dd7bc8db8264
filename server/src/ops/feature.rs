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
    openapi::operation::{Operation, OperationGroup::Server as GROUP},
    topic_policies::latest,
};

pub(crate) const FEATURE: Feature = Feature { name: "ops", settings: &[], operations, topic_policies, start };

const TEXT: &str = "text/plain; charset=utf-8";

/// Nothing is ever published there: a page that follows its own finds its connection by it among all.
fn topic_policies() -> Vec<TopicPolicy> {
    vec![latest("page/*", 2_000)]
}

fn operations() -> Vec<Operation> {
    let mut all = connections::operations();
    all.extend([
        Operation::get(super::PROBE, "getLiveness", GROUP, "Ask whether the server lives")
            .answers_text(200, TEXT, "It does."),
        Operation::get("/readyz", "getReadiness", GROUP, "Ask whether the server is ready")
            .description("Whoever may read figures is told the state of each part.")
            .answers_text(200, TEXT, "It is.")
            .answers_text(503, TEXT, "It is not; the first line says why."),
        Operation::get("/metrics", "getMetrics", GROUP, "Read the server's own figures").answers_text(
            200,
            metrics::TYPE,
            "In the exposition format of OpenMetrics.",
        ),
    ]);
    all
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
