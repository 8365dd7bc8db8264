//! A request that the server itself fails at: people get a page and programs JSON, both with the id under which the log
//! says what happened. Without this the connection would just end.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use app::{broken_page, live::minute, ports::Server};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use common::frame::ErrorCode;
use futures_util::FutureExt;
use leptos::prelude::{Owner, provide_context};
use transports::gate::ApiRejection;

use super::{headers, reader::Reader};
use crate::feature::PageState;

/// Faults since the start: two of one minute have two ids.
static FAULTS: AtomicU32 = AtomicU32::new(0);

pub(crate) async fn guard(State(pages): State<PageState>, request: Request, next: Next) -> Response {
    let (path, asked) = (request.uri().path().to_owned(), request.headers().clone());
    // A handler leaves only its own state half done; shared state is behind locks that a panic opens again.
    let panic = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => return response,
        Err(panic) => panic,
    };
    let number = FAULTS.fetch_add(1, Ordering::Relaxed) + 1;
    let id = format!("500-{}-{number}", minute(pages.clock.unix_millis()));
    tracing::error!(id, path, panic = panic_message(&*panic), "a request failed inside of the server");
    if ["/api/", "/live/"].iter().any(|place| path.starts_with(place)) {
        let message = format!("the server failed at this; its log says more under {id}");
        return ApiRejection::new(ErrorCode::Internal, message).into_response();
    }
    page(pages, asked, &id)
}

fn page(pages: PageState, asked: HeaderMap, id: &str) -> Response {
    let site = pages.site.options.clone();
    let html = Owner::new().with(|| {
        provide_context(Server(Arc::new(Reader::of_headers(pages, asked))));
        broken_page(site, id)
    });
    let head = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_SECURITY_POLICY, headers::STILL)];
    (StatusCode::INTERNAL_SERVER_ERROR, head, Html(html)).into_response()
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}
