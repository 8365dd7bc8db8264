//! Requests for paths of the board, on the browser's `fetch`. Nothing of what the page asks for may come from a cache.

use std::pin::Pin;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Headers, RequestCache, RequestInit, Response};

use super::board_address;

/// Ends the requests that hold its signal when it is dropped.
pub struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    /// Makes an `AbortController`; `None` where the browser has none.
    #[must_use]
    pub fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    /// Returns the signal for requests.
    #[must_use]
    pub fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An answer on its way; an error where none came back: what the browser says of it. It has one type for all requests: each future of its
/// own would bring a copy of the code to everyone who waits for one.
pub type PendingResponse = Pin<Box<dyn Future<Output = Result<Response, JsValue>>>>;

/// Asks for something; ready with the head of the answer.
#[must_use]
pub fn get(address: &str, signal: Option<&AbortSignal>) -> PendingResponse {
    send(address, "GET", None, None, signal)
}

/// Asks for something, as the browser promises it.
///
/// # Errors
/// Where the browser does not even ask.
pub fn promised(address: &str, signal: &AbortSignal) -> Result<Promise, JsValue> {
    begin(address, "GET", None, None, Some(signal))
}

/// Sends a text of this kind.
#[must_use]
pub fn post(address: &str, kind: &str, text: &str, signal: &AbortSignal) -> PendingResponse {
    send(address, "POST", Some(("content-type", kind)), Some(text), Some(signal))
}

/// Asks by a method, with a JSON body if there is one.
#[must_use]
pub fn json(method: &str, address: &str, body: Option<&str>) -> PendingResponse {
    send(address, method, body.map(|_| ("content-type", "application/json")), body, None)
}

/// Asks what may be asked there.
#[must_use]
pub fn options(address: &str, signal: &AbortSignal) -> PendingResponse {
    send(address, "OPTIONS", None, None, Some(signal))
}

/// Asks with a credential (RFC 6750): `method` is GET or DELETE. A token that cannot stand in a header is an error, too.
#[must_use]
pub fn authorized(method: &str, address: &str, token: &str, signal: &AbortSignal) -> PendingResponse {
    let proof = ["Bearer ", token].concat();
    send(address, method, Some(("authorization", &proof)), None, Some(signal))
}

/// The whole body as text; an error where it broke off: what the browser says of it.
#[must_use]
pub fn text(answer: &Response) -> Pin<Box<dyn Future<Output = Result<String, JsValue>>>> {
    let text = answer.text();
    Box::pin(async move { Ok(JsFuture::from(text?).await?.as_string().unwrap_or_default()) })
}

/// A header of an answer.
#[must_use]
pub fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok()?
}

fn send(
    address: &str,
    method: &str,
    header: Option<(&str, &str)>,
    body: Option<&str>,
    signal: Option<&AbortSignal>,
) -> PendingResponse {
    let answer = begin(address, method, header, body, signal);
    Box::pin(async move { JsFuture::from(answer?).await?.dyn_into() })
}

fn begin(
    address: &str,
    method: &str,
    header: Option<(&str, &str)>,
    body: Option<&str>,
    signal: Option<&AbortSignal>,
) -> Result<Promise, JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    request.set_cache(RequestCache::NoStore);
    request.set_signal(signal);
    if let Some((name, value)) = header {
        let headers = Headers::new()?;
        headers.set(name, value)?;
        request.set_headers(&headers);
    }
    if let Some(body) = body {
        request.set_body(&body.into());
    }
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_str_and_init(&board_address(address), &request))
}
