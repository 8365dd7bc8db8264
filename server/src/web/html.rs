//! Documents on their way out: with the digest of what was rendered, and compressed. They are rendered whole before
//! they are sent, for nothing in them is waited for.

use std::io::Write;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::shape;

/// The headers that a page depends on besides its address: caches and the browser's history keep one page for each.
const VARY: HeaderValue = HeaderValue::from_static("accept-encoding, accept-language, cookie");

/// A page has a hundred kilobytes; what is longer than this is none of ours.
const LONGEST: usize = 16 << 20;

/// Text of a page is a fifth after this; more effort wins a percent.
const EFFORT: Compression = Compression::new(6);

pub(super) async fn finish(request: Request, next: Next) -> Response {
    let gzip = request.method() != Method::HEAD && takes_gzip(request.headers());
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

fn compress(html: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(html.len() / 4), EFFORT);
    encoder.write_all(html).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Returns true if gzip is acceptable (RFC 9110 §12.5.3): named, or meant by `*`, and not with a weight of zero.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut named = None;
    let mut any = false;
    for coding in lines.flat_map(|line| line.split(',')) {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().trim_start_matches("q=").trim_start_matches("Q=");
        let wanted = weight.is_empty() || weight.parse::<f32>().is_ok_and(|weight| weight > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                named = Some(wanted);
            }
            "*" => any = wanted,
            _ => {}
        }
    }
    named.unwrap_or(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_take_gzip_does_not_get_it() {
        let takes = |accepted: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            takes_gzip(&headers)
        };
        for accepted in [&["gzip, deflate, br"][..], &["br", "GZIP;q=0.5"], &["*"], &["identity, *;q=0.1"]] {
            assert!(takes(accepted), "{accepted:?}");
        }
        for refused in [&[][..], &["br"], &["gzip;q=0, *"], &["gzip; q=0.000"], &["*;q=0"], &["gzipped"]] {
            assert!(!takes(refused), "{refused:?}");
        }
    }
}
