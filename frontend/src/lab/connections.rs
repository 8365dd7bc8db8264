//! Sends the requests of the page of connections, with the operator's token.

use std::any::Any;

use app::ports::{ConnectionPorts, FetchError, FrameEvent, LocalFuture};
use common::connection::Connections;
use serde::Deserialize;
use transports::browser::{
    TextBody,
    fetch::{self, AbortOnDrop},
    spawn,
};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::blocks::EventBlocks;
use crate::browser;

pub(super) struct ConnectionsClient;

const PATH: &str = "/api/v1/connections";
/// As many as are shown.
const LIMIT: usize = 200;
/// Under this name the tab keeps the operator's token.
const TOKEN: &str = "operator-token";
/// The status of a request without the operator's token, or with a wrong one.
const UNAUTHORIZED: u16 = 401;

#[derive(Deserialize)]
struct SkippedFrames {
    count: u64,
}

impl ConnectionPorts for ConnectionsClient {
    fn authorize(&self, token: &str) {
        browser::keep_for_tab(TOKEN, Some(token));
    }

    fn list(&self, find: &str, order: &'static str) -> LocalFuture<Result<Connections, FetchError>> {
        let find = String::from(js_sys::encode_uri_component(find));
        let address = format!("{PATH}?limit={LIMIT}&order={order}&find={find}");
        Box::pin(async move { checked(browser::get_authorized(&address, &token()?).await) })
    }

    fn disconnect(&self, id: u64) -> LocalFuture<Result<(), FetchError>> {
        Box::pin(async move { checked(browser::delete_authorized(&format!("{PATH}/{id}"), &token()?).await) })
    }

    fn follow(&self, id: u64, hear: Box<dyn Fn(FrameEvent)>) -> Box<dyn Any> {
        let Some(leash) = AbortOnDrop::new() else {
            hear(FrameEvent::Lost);
            return Box::new(());
        };
        let signal = leash.signal();
        spawn(async move {
            let mut ended = false;
            let followed = follow(id, &signal, |told| {
                ended |= told == FrameEvent::Ended;
                if !signal.aborted() {
                    hear(told);
                }
            });
            let _ = followed.await;
            if !ended && !signal.aborted() {
                hear(FrameEvent::Lost);
            }
        });
        Box::new(leash)
    }
}

/// The token that was given in this tab. Without one nothing is asked: the answer is known.
fn token() -> Result<String, FetchError> {
    let none = || FetchError { status: UNAUTHORIZED, reason: None, message: String::new() };
    browser::kept_for_tab(TOKEN).ok_or_else(none)
}

/// A token that the server does not take is not sent again.
fn checked<T>(answer: Result<T, FetchError>) -> Result<T, FetchError> {
    if answer.as_ref().is_err_and(|error| error.status == UNAUTHORIZED) {
        browser::keep_for_tab(TOKEN, None);
    }
    answer
}

async fn follow(id: u64, signal: &AbortSignal, mut hear: impl FnMut(FrameEvent)) -> Result<(), JsValue> {
    let token = token().map_err(|_| JsValue::NULL)?;
    let answer = fetch::authorized("GET", &format!("{PATH}/{id}/frames"), &token, signal).await?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    let mut body = TextBody::of(&answer)?;
    let mut blocks = EventBlocks::default();
    while let Some(text) = body.next().await? {
        let read = blocks.read(&text, |name, data| {
            if let Some(told) = understand(name, data) {
                hear(told);
            }
        });
        read.map_err(|_| JsValue::NULL)?;
    }
    Ok(())
}

fn understand(name: &str, data: &str) -> Option<FrameEvent> {
    match name {
        "ended" => Some(FrameEvent::Ended),
        "" => serde_json::from_str(data).ok().map(FrameEvent::Frame),
        "missed" => serde_json::from_str(data).ok().map(|SkippedFrames { count }| FrameEvent::Missed(count)),
        _ => None,
    }
}
