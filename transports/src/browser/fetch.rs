//! Requests for paths of the board, on the browser's `fetch`. Nothing of what the page asks for may come from a cache.

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

/// Asks for something; ready with the head of the answer.
///
/// # Errors
/// Where no answer came back: what the browser says of it.
pub async fn get(address: &str, signal: Option<&AbortSignal>) -> Result<Response, JsValue> {
    send(address, &RequestInit::new(), signal).await
}

/// Sends a text of this kind.
///
/// # Errors
/// Where no answer came back: what the browser says of it.
pub async fn post(address: &str, kind: &str, text: &str, signal: &AbortSignal) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", kind)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&text.into());
    send(address, &request, Some(signal)).await
}

/// Asks what may be asked there.
///
/// # Errors
/// Where no answer came back: what the browser says of it.
pub async fn options(address: &str, signal: &AbortSignal) -> Result<Response, JsValue> {
    let request = RequestInit::new();
    request.set_method("OPTIONS");
    send(address, &request, Some(signal)).await
}

/// Asks with a credential (RFC 6750): `method` is GET or DELETE.
///
/// # Errors
/// Where no answer came back, or the token cannot stand in a header: what the browser says of it.
pub async fn authorized(
    method: &str,
    address: &str,
    token: &str,
    signal: &AbortSignal,
) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("authorization", &["Bearer ", token].concat())?;
    let request = RequestInit::new();
    request.set_method(method);
    request.set_headers(&headers);
    send(address, &request, Some(signal)).await
}

/// The whole body as text.
///
/// # Errors
/// Where it broke off: what the browser says of it.
pub async fn text(answer: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(answer.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// A header of an answer.
#[must_use]
pub fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok()?
}

async fn send(
    address: &str,
    request: &RequestInit,
    signal: Option<&AbortSignal>,
) -> Result<Response, JsValue> {
    request.set_cache(RequestCache::NoStore);
    request.set_signal(signal);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let answer: Promise = window.fetch_with_str_and_init(&board_address(address), request);
    JsFuture::from(answer).await?.dyn_into()
}
