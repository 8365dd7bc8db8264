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

use super::{
    accept_encoding::{Coding, takes},
    etag,
};

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
        let gzipped = takes(asked, Coding::Gzip);
        let etag = format!("\"{VERSION}{}\"", if gzipped { "-gzip" } else { "" });
        let head: [(HeaderName, &str); 3] =
            [(header::ETAG, &etag), (header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-encoding")];
        if etag::is_current(asked, &etag) {
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
