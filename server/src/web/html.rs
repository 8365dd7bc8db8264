//! Documents on their way out: with the digest of what was rendered, and compressed. They are rendered whole before
//! they are sent, for nothing in them is waited for.

use std::io::Write;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::{
    accept_encoding::{Coding, takes},
    shape,
};

/// The headers that a page depends on besides its address: caches and the browser's history keep one page for each.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, accept-language, cookie");

/// A page has a hundred kilobytes; what is longer than this is none of ours.
const LONGEST: usize = 16 << 20;

/// Text of a page is a fifth after this; more effort wins a percent.
const EFFORT: Compression = Compression::new(6);

pub(super) async fn finish(request: Request, next: Next) -> Response {
    let gzip = request.method() != Method::HEAD && takes(request.headers(), Coding::Gzip);
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_plain = !response.headers().contains_key(header::CONTENT_ENCODING);
    if !(is_plain && kind.is_some_and(|kind| kind.starts_with("text/html"))) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    head.headers.insert(header::VARY, VARY);
    let Ok(html) = to_bytes(body, LONGEST).await else {
        // Its rendering has failed: the connection ends, as it would have in the middle of the body.
        let failed = Body::from_stream(futures_util::stream::once(async {
            Err::<Bytes, _>(std::io::Error::other("the page could not be rendered"))
        }));
        return Response::from_parts(head, failed);
    };
    let marked = std::str::from_utf8(&html).ok().and_then(shape::mark);
    let html = marked.map_or(html, Bytes::from);
    let body = match gzip.then(|| compress(&html)).flatten() {
        Some(small) => {
            head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            small
        }
        None => html,
    };
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(body))
}

/// Compresses a text.
pub(super) fn compress(html: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(html.len() / 4), EFFORT);
    encoder.write_all(html).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
