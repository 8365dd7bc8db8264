//! The addresses for operators: is the server alive, is it ready, what does it do, and for whom.

mod connections;
mod health;
mod metrics;

use axum::{
    Router,
    routing::{MethodRouter, get},
};

use crate::state::App;

/// `/healthz` by itself.
pub(crate) fn alive() -> MethodRouter {
    get(health::alive)
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::expose))
        .merge(connections::routes())
}
