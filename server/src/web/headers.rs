//! Adds headers to answers, beside those that `transports::conn` gives each of them.

use std::sync::LazyLock;

use app::door::{
    DASHBOARDS_SCRIPT, DEVICES_SCRIPT, EXPLORE_SCRIPT, HOSTS_SCRIPT, PASSKEY_SCRIPT, STREAMS_SCRIPT,
};
use axum::{
    http::{HeaderName, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Of an answer that is true at this moment only.
pub(crate) const UNKEPT: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(crate) async fn secure(mut response: Response) -> Response {
    transports::conn::secure(response.headers_mut());
    response
}

/// For a page without scripts.
pub(crate) const STILL: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// For a page without scripts that has forms.
pub(crate) const FORMS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// For a page that asks the browser for a passkey: of scripts it runs that one, which it knows by its hash (CSP Level 3 §2.3.1).
pub(crate) static PASSKEYS: LazyLock<String> =
    LazyLock::new(|| format!("{FORMS}; script-src {}", hash(PASSKEY_SCRIPT)));

/// For a page that asks the browser for a passkey, or to show notices: it runs these two scripts, and registers the service worker.
pub(crate) static DEVICES: LazyLock<String> = LazyLock::new(|| {
    format!("{FORMS}; script-src {} {}; worker-src 'self'", hash(PASSKEY_SCRIPT), hash(DEVICES_SCRIPT))
});

/// For a page that follows streams: its script asks this server.
pub(crate) static STREAMS: LazyLock<String> =
    LazyLock::new(|| format!("{FORMS}; script-src {}; connect-src 'self'", hash(STREAMS_SCRIPT)));

/// For the page Explore: its script asks this server.
pub(crate) static EXPLORE: LazyLock<String> =
    LazyLock::new(|| format!("{FORMS}; script-src {}; connect-src 'self'", hash(EXPLORE_SCRIPT)));

/// For a dashboard: its script asks this server.
pub(crate) static DASHBOARDS: LazyLock<String> =
    LazyLock::new(|| format!("{FORMS}; script-src {}; connect-src 'self'", hash(DASHBOARDS_SCRIPT)));

/// For a picture that is opened by itself: it has a style of its own, and runs nothing.
pub(crate) const PICTURE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// For the page of hosts: its script asks this server for their numbers.
pub(crate) static HOSTS: LazyLock<String> =
    LazyLock::new(|| format!("{FORMS}; script-src {}; connect-src 'self'", hash(HOSTS_SCRIPT)));

fn hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

/// For pages: scripts by nonce, and WebAssembly; everything else from here.
pub(crate) fn page_policy(nonce: &str, watched: bool) -> String {
    // `cargo leptos watch` reloads through a socket on a port of its own.
    let reload = if watched { " ws://127.0.0.1:* ws://localhost:*" } else { "" };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'{reload}; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}
