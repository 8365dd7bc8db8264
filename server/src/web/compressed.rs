//! Compresses a JSON answer that is asked for each second.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{
    accept_encoding::{Coding, takes},
    html::compress,
};

/// An answer is shorter than this.
const LONGEST: usize = 4 << 20;
/// A shorter one goes in one packet as it is.
const SHORTEST: usize = 1_200;

/// Compresses the answer for whoever takes that.
pub(crate) async fn compressed(request: Request, next: Next) -> Response {
    let gzip = request.method() != Method::HEAD && takes(request.headers(), Coding::Gzip);
    let (mut head, body) = next.run(request).await.into_parts();
    head.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !gzip || head.status != StatusCode::OK {
        return Response::from_parts(head, body);
    }
    let Ok(whole) = to_bytes(body, LONGEST).await else {
        head.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(head, Body::empty());
    };
    let small = (whole.len() >= SHORTEST).then(|| compress(&whole)).flatten();
    if small.is_some() {
        head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(small.unwrap_or(whole)))
}
