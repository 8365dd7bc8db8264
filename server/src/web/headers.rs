//! What every answer carries. Live streams leave before this and say what they need themselves.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

/// For answers that are not pages: nothing may be loaded or framed from them.
const CLOSED: &str = "default-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Of an answer that is true at this moment only.
pub(crate) const UNKEPT: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(crate) async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CLOSED));
    response
}

/// For a page without scripts.
pub(crate) const STILL: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

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
