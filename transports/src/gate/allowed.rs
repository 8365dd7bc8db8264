//! Answers OPTIONS at live addresses. A page whose connection does not get through learns in this way whether
//! something before the server answers for it.

use axum::{
    http::{StatusCode, header},
    response::IntoResponse,
};

/// Answers OPTIONS (RFC 9110 §9.3.7).
pub(crate) async fn allowed() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(header::ALLOW, "GET, OPTIONS")])
}
