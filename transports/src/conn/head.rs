//! The header fields that keep responses from being misused, and those of live responses, whoever writes the head.

use std::time::UNIX_EPOCH;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use bytes::BytesMut;
use hub::Clock;

/// Every answer that is not a page has them: nothing may be loaded, framed or run from it, and no other site gets at it.
const SECURE: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

/// Live answers have these besides: `no-transform` and `X-Accel-Buffering` keep proxies from holding back what is to arrive
/// at once.
const LIVE: [(&str, &str); 2] = [("cache-control", "no-store, no-transform"), ("x-accel-buffering", "no")];

/// Adds what an answer lacks of the fields that keep it from being misused.
pub fn secure(headers: &mut HeaderMap) {
    for (name, value) in SECURE {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Adds what every live answer says.
pub(super) fn live(headers: &mut HeaderMap) {
    secure(headers);
    for (name, value) in LIVE {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Writes the head of a live response of HTTP/1.1, up to its length.
pub(super) fn write<'a>(
    out: &mut BytesMut,
    status: StatusCode,
    own: impl IntoIterator<Item = (&'a HeaderName, &'a HeaderValue)>,
    clock: &dyn Clock,
) {
    let reason = status.canonical_reason().unwrap_or_default();
    for part in ["HTTP/1.1 ", status.as_str(), " ", reason, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    for (name, value) in own {
        line(out, name.as_str(), value.as_bytes());
    }
    for (name, value) in SECURE.iter().chain(&LIVE) {
        line(out, name, value.as_bytes());
    }
    line(out, "date", httpdate::fmt_http_date(UNIX_EPOCH + clock.unix_time()).as_bytes());
}

pub(super) fn line(out: &mut BytesMut, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        out.extend_from_slice(part);
    }
}
