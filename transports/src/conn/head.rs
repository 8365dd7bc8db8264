//! The head of an answer. One list says which fields it has, whether hyper writes them from its map or a transport writes them
//! itself.

use std::{sync::LazyLock, time::UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use bytes::{Bytes, BytesMut};
use fanout::Clock;

/// A field of a head.
pub(crate) type Field = (HeaderName, HeaderValue);

const fn field(name: HeaderName, value: &'static str) -> Field {
    (name, HeaderValue::from_static(value))
}

/// Every answer that is not a page has them: nothing may be loaded, framed or run from it, and no other site gets at it.
static SECURE: [Field; 5] = [
    field(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    field(header::REFERRER_POLICY, "same-origin"),
    field(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    field(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    field(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Live answers have these besides: `no-transform` and `X-Accel-Buffering` keep proxies from holding back what is to arrive
/// at once.
static LIVE: [Field; 2] = [
    field(header::CACHE_CONTROL, "no-store, no-transform"),
    field(HeaderName::from_static("x-accel-buffering"), "no"),
];

/// A stream says that it is not compressed (RFC 9110 §8.4 would leave that out). Proxies that compress what names no coding hold a
/// stream back until its end, `no-transform` or not (Caddy 2.6, Varnish, Traffic Server, lighttpd); what names one they leave
/// alone, and every client reads it as it is.
const NOT_COMPRESSED: &str = "identity";

/// Returns the fields of its own that an answer without an end has.
pub(super) fn stream(content_type: &'static str) -> [Field; 2] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_ENCODING, HeaderValue::from_static(NOT_COMPRESSED)),
    ]
}

/// Adds the fields of an answer without an end, for a handler that writes its body itself.
pub fn fill_stream(headers: &mut HeaderMap, content_type: &'static str) {
    fill(headers, &stream(content_type));
}

/// The lines of [`common`], for answers that set none of its fields themselves.
static COMMON_LINES: LazyLock<Bytes> = LazyLock::new(|| {
    let mut lines = BytesMut::new();
    common().for_each(|(name, value)| line(&mut lines, name.as_str(), value.as_bytes()));
    lines.freeze()
});

/// Adds what an answer lacks of the fields that keep it from being misused.
pub fn secure(headers: &mut HeaderMap) {
    for (name, value) in &SECURE {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}

/// Returns the fields of a live answer: its own, and of those that all have the ones that it does not set itself.
fn live(own: &[Field]) -> impl Iterator<Item = &Field> {
    own.iter().chain(common().filter(|(name, _)| own.iter().all(|(set, _)| set != name)))
}

/// Returns the fields that all live answers have.
fn common<'a>() -> impl Iterator<Item = &'a Field> {
    SECURE.iter().chain(&LIVE)
}

/// Adds the fields of a live answer that hyper writes. hyper says how long it is, and the date.
pub(super) fn fill(headers: &mut HeaderMap, own: &[Field]) {
    for (name, value) in live(own) {
        headers.append(name, value.clone());
    }
}

/// Writes the head of a live response of HTTP/1.1, up to its length.
pub(super) fn write(out: &mut BytesMut, status: StatusCode, own: &[Field], clock: &dyn Clock) {
    let reason = status.canonical_reason().unwrap_or_default();
    for part in ["HTTP/1.1 ", status.as_str(), " ", reason, "\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    if own.iter().any(|(set, _)| common().any(|(name, _)| set == name)) {
        live(own).for_each(|(name, value)| line(out, name.as_str(), value.as_bytes()));
    } else {
        own.iter().for_each(|(name, value)| line(out, name.as_str(), value.as_bytes()));
        out.extend_from_slice(&COMMON_LINES);
    }
    line(out, "date", httpdate::fmt_http_date(UNIX_EPOCH + clock.unix_time()).as_bytes());
}

pub(super) fn line(out: &mut BytesMut, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use fanout::ManualClock;

    use super::*;

    #[test]
    fn what_an_answer_says_itself_is_said_once_and_its_date_is_the_clocks() {
        let kind = field(header::CONTENT_TYPE, "text/plain");
        let kept = field(header::CACHE_CONTROL, "no-cache");
        for own in [&[kind.clone()][..], &[kept, kind]] {
            let mut out = BytesMut::new();
            write(&mut out, StatusCode::OK, own, &ManualClock::new(784_111_777_999));
            let text = String::from_utf8_lossy(&out);
            assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
            assert!(text.ends_with("\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), "{text}");
            assert_eq!(text.matches("cache-control").count(), 1, "{text}");
            assert_eq!(text.contains("cache-control: no-cache\r\n"), own.len() == 2, "{text}");
            let mut filled = HeaderMap::new();
            fill(&mut filled, own);
            let lines: Vec<_> = text.lines().skip(1).filter(|line| !line.starts_with("date")).collect();
            let filled =
                filled.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")));
            assert_eq!(filled.collect::<Vec<_>>(), lines);
        }
    }
}
