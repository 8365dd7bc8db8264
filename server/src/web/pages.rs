//! The pages, rendered with real numbers, and the files they load.

use app::{App as Page, paths, ports::Server, shell};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    middleware,
    response::Response,
};
use leptos::{
    config::{Env, LeptosOptions},
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, file_and_error_handler_with_context, generate_route_list,
};

use super::{headers, html, reader::Reader};
use crate::feature::PageState;

/// The path of the page's scripts, styles and WebAssembly.
pub(crate) const FILES: &str = "/pkg/";

pub(super) fn routes(pages: &PageState) -> Router {
    let options = pages.site.clone();
    let context = {
        let pages = pages.clone();
        move || prepare(&pages)
    };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let fallback = file_and_error_handler_with_context::<LeptosOptions, _>(context.clone(), shell);
    Router::new()
        .leptos_routes_with_context(&options, listing(), context, page)
        .fallback(fallback)
        .with_state(options.clone())
        .layer(middleware::map_response_with_state(options.hash_files, cache))
        .layer(middleware::from_fn(html::finish))
}

/// Every page, each answered as the first one is: the router in the page knows that one alone.
fn listing() -> Vec<AxumRouteListing> {
    let first = generate_route_list(Page);
    let like = |path: &str, first: &AxumRouteListing| {
        AxumRouteListing::new(path.to_owned(), first.mode().clone(), first.methods(), Vec::new())
    };
    first.first().map(|first| paths().map(|path| like(path, first)).collect()).unwrap_or_default()
}

fn prepare(pages: &PageState) {
    provide_context(Server(Reader::of_this_request(pages)));
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), leptos::nonce::use_nonce()) else {
        return;
    };
    let policy = headers::page_policy(&nonce, pages.site.env == Env::DEV);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Pages show this moment: a browser may keep one, to go back to it without a request, and asks for it again each time that it
/// opens it. Files with a hash in their name never change; others are asked for again each time.
async fn cache(State(hashed): State<bool>, mut response: Response) -> Response {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let built =
        ["text/css", "text/javascript", "application/wasm"].iter().any(|built| kind.starts_with(built));
    let policy = if built && hashed && response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(policy));
    response
}
