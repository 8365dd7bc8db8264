//! The pages, rendered with real numbers, and the files they load.

use std::sync::Arc;

use app::{App as Page, paths, ports::Server, shell};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use leptos::{
    config::{Env, LeptosOptions},
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, ErrorHandler, LeptosRoutes, ResponseOptions, file_and_error_handler_with_context,
    generate_route_list,
};

use super::{
    headers, html,
    reader::Reader,
    site::{CarriedSite, Site},
};
use crate::feature::PageState;

/// The path of the page's scripts, styles and WebAssembly.
pub(crate) const FILES: &str = "/pkg/";

pub(super) fn routes(pages: &PageState) -> Router {
    let Site { options, carried, is_hashed } = pages.site.clone();
    let context = {
        let pages = pages.clone();
        move || prepare(&pages)
    };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let routes = Router::new().leptos_routes_with_context(&options, listing(), context.clone(), page);
    let routes = match carried {
        Some(carried) => routes
            .fallback_service(ErrorHandler::new_with_context(context, shell, options.clone()))
            .layer(middleware::from_fn_with_state(carried, carried_files)),
        None => routes.fallback(file_and_error_handler_with_context::<LeptosOptions, _>(context, shell)),
    };
    routes
        .with_state(options)
        .layer(middleware::map_response_with_state(is_hashed, cache))
        .layer(middleware::from_fn(html::finish))
}

/// Answers from the files that the binary carries; what is none of them goes on.
async fn carried_files(State(site): State<Arc<CarriedSite>>, request: Request, next: Next) -> Response {
    let file = site.answer(request.method(), request.uri().path(), request.headers());
    match file {
        Some(file) => file,
        None => next.run(request).await,
    }
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
    let policy = headers::page_policy(&nonce, pages.site.options.env == Env::DEV);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Pages show this moment: a browser may keep one, to go back to it without a request, and asks for it again each time that it
/// opens it. Files under a digest never change; others are asked for again each time.
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
