//! Liveness and readiness.

use axum::{extract::State, http::StatusCode};

use crate::state::App;

/// 200 as long as the process answers at all.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// 200 once there are numbers to show and as long as the disk takes what is published; otherwise 503, and why.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, String) {
    if let Some(failed) = app.live.hub.failed() {
        let told = format!("the disk failed ({failed}): nothing is stored until a restart\n");
        (StatusCode::SERVICE_UNAVAILABLE, told)
    } else if app.host.latest().metrics.is_none() {
        (StatusCode::SERVICE_UNAVAILABLE, "nothing has been measured yet\n".to_owned())
    } else {
        (StatusCode::OK, "ready\n".to_owned())
    }
}
