//! The official client's files at `/socket.io/`, where pages written for the official server look for them.

use std::{io::Write, sync::OnceLock};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::accept_encoding::takes_gzip;

/// The version of the files in `server/vendor/socket.io-client`.
const VERSION: &str = "4.8.4";

/// A file of the client.
struct File {
    name: &'static str,
    plain: &'static [u8],
    /// Compressed when it is first asked for so.
    gzipped: OnceLock<Bytes>,
}

macro_rules! file {
    ($name:literal) => {
        File {
            name: $name,
            plain: include_bytes!(concat!("../../vendor/socket.io-client/", $name)),
            gzipped: OnceLock::new(),
        }
    };
}

static FILES: [File; 6] = [
    file!("socket.io.js"),
    file!("socket.io.js.map"),
    file!("socket.io.min.js"),
    file!("socket.io.min.js.map"),
    file!("socket.io.esm.min.js"),
    file!("socket.io.esm.min.js.map"),
];

pub(super) fn routes() -> Router {
    FILES.iter().fold(Router::new(), |router, file| {
        let answer = move |asked: HeaderMap| async move { file.answer(&asked) };
        router.route(&format!("/socket.io/{}", file.name), get(answer))
    })
}

impl File {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let gzipped = takes_gzip(asked);
        let etag = format!("\"{VERSION}{}\"", if gzipped { "-gzip" } else { "" });
        let head: [(HeaderName, &str); 3] =
            [(header::ETAG, &etag), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-encoding")];
        if has(asked, &etag) {
            return (StatusCode::NOT_MODIFIED, head).into_response();
        }
        let kind =
            if self.name.ends_with(".map") { "application/json" } else { "text/javascript; charset=utf-8" };
        let kind = [(header::CONTENT_TYPE, kind)];
        if gzipped {
            (head, kind, [(header::CONTENT_ENCODING, "gzip")], self.gzipped()).into_response()
        } else {
            (head, kind, Bytes::from_static(self.plain)).into_response()
        }
    }

    fn gzipped(&self) -> Bytes {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            // Writing to memory does not fail.
            let _ = encoder.write_all(self.plain);
            Bytes::from(encoder.finish().unwrap_or_default())
        };
        self.gzipped.get_or_init(compress).clone()
    }
}

/// Returns true if the client already has this answer (RFC 9110 §13.1.2).
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_client_that_has_the_answer_is_known_by_its_tag() {
        for (value, known) in [
            ("\"4.8.4\"", true),
            ("\"1\", W/\"4.8.4\"", true),
            ("*", true),
            ("\"4.8.4-gzip\"", false),
            ("4.8.4", false),
        ] {
            assert_eq!(has(&asked(header::IF_NONE_MATCH, value), "\"4.8.4\""), known, "{value}");
        }
    }
}
