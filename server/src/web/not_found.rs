//! Addresses for programs that do not exist: programs get JSON, not a page.

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::any,
};
use common::frame::ErrorCode;
use transports::gate::ApiRejection;

pub(super) fn routes() -> Router {
    // The page of the API is at `/api` itself.
    ["/api/{*rest}", "/live", "/live/{*rest}"]
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route, any(missing)))
}

async fn missing(request: Request) -> ApiRejection {
    ApiRejection::new(ErrorCode::NotFound, format!("nothing is at {}", request.uri().path()))
}

/// The router's own refusal of a method has no body; programs get one.
pub(crate) async fn method(response: Response) -> Response {
    let bare = response.status() == StatusCode::METHOD_NOT_ALLOWED
        && !response.headers().contains_key("content-type");
    if !bare {
        return response;
    }
    let allowed = response.headers().get("allow").cloned();
    let message = "this address does not take that method";
    let mut refusal = ApiRejection::new(ErrorCode::MethodNotAllowed, message).into_response();
    if let Some(allowed) = allowed {
        refusal.headers_mut().insert("allow", allowed);
    }
    refusal
}
