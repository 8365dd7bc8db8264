//! Liveness and readiness.

use axum::{extract::State, http::StatusCode};

use crate::state::App;

/// 200 as long as the process answers at all.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 once there are numbers to show, 503 before.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.host.latest().metrics.is_some() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "nothing has been measured yet\n")
    }
}
