//! Plain requests.

use app::ports::{FetchError, LocalFuture};
use common::frame::ServerFrame;
use serde::de::DeserializeOwned;
use transports::browser::{fetch, fetch::PendingResponse, frame};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::now;

/// A request that takes longer does not pass.
const PATIENCE_MS: u32 = 5_000;

/// Reads a JSON answer.
pub(crate) async fn get<T: DeserializeOwned>(address: &str) -> Result<T, FetchError> {
    let (status, body) = ask(address).await?;
    read(status, &body)
}

/// Returns the text of an answer.
pub(crate) fn text(
    method: &'static str,
    address: &str,
    json: Option<&str>,
) -> LocalFuture<Result<String, FetchError>> {
    let answer = whole(fetch::json(method, address, json));
    Box::pin(async move {
        match answer.await? {
            (200..300, body) => Ok(body),
            (status, body) => Err(refused(status, &body)),
        }
    })
}

/// Sends a JSON body and reads the JSON answer.
pub(crate) async fn post<T: DeserializeOwned>(address: &str, json: &str) -> Result<T, FetchError> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let (status, body) = whole(fetch::post(address, "application/json", json, &patience)).await?;
    read(status, &body)
}

/// Reads a JSON answer to a request with a credential.
pub(crate) async fn get_authorized<T: DeserializeOwned>(address: &str, token: &str) -> Result<T, FetchError> {
    let (status, body) = authorized("GET", address, token).await?;
    read(status, &body)
}

/// Asks with a credential for something to be taken away.
pub(crate) async fn delete_authorized(address: &str, token: &str) -> Result<(), FetchError> {
    let (status, body) = authorized("DELETE", address, token).await?;
    if (200..300).contains(&status) { Ok(()) } else { Err(refused(status, &body)) }
}

fn authorized(method: &str, address: &str, token: &str) -> WholeAnswer {
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    whole(fetch::authorized(method, address, token, &patience))
}

fn read<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, FetchError> {
    if (200..300).contains(&status) {
        return serde_json::from_str(body).map_err(|error| FetchError {
            status,
            reason: None,
            message: error.to_string(),
        });
    }
    Err(refused(status, body))
}

fn refused(status: u16, body: &str) -> FetchError {
    // The frame's own reader: the page has it in any case, and a limit of a later version is left out.
    match frame("error", "", body) {
        Some(ServerFrame::Error(error)) => {
            FetchError { status, reason: Some(error.reason()), message: error.message }
        }
        _ => FetchError { status, reason: None, message: format!("the answer's status was {status}") },
    }
}

/// The status and the body, on their way; of one type, so that it is in the page once.
type WholeAnswer = LocalFuture<Result<(u16, String), FetchError>>;

fn ask(address: &str) -> WholeAnswer {
    whole(fetch::get(address, None))
}

fn whole(answer: PendingResponse) -> WholeAnswer {
    Box::pin(async move {
        let answer = answer.await.map_err(|error| failed(0, &error))?;
        let status = answer.status();
        let body = fetch::text(&answer).await.map_err(|error| failed(status, &error))?;
        Ok((status, body))
    })
}

fn failed(status: u16, error: &JsValue) -> FetchError {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    FetchError { status, reason: None, message: message.unwrap_or_default() }
}

/// The round trip of a plain request, milliseconds, if one passes.
pub(crate) async fn reach() -> Option<f64> {
    let began = now();
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let answer = fetch::get("/healthz", Some(&patience)).await.ok()?;
    answer.ok().then(|| now() - began)
}

/// The first line of `/readyz` where it is a failure.
pub(crate) async fn unready() -> String {
    match ask("/readyz").await {
        Ok((503, mut told)) => {
            told.truncate(told.find('\n').unwrap_or(told.len()));
            told
        }
        _ => String::new(),
    }
}

/// The status of what answers at this address to a question that everyone may ask, if anything does.
pub(crate) async fn preflight(address: &str) -> Option<u16> {
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    Some(fetch::options(address, &patience).await.ok()?.status())
}
