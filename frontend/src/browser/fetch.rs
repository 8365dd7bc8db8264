//! Plain requests.

use app::ports::FetchError;
use common::api::ApiError;
use gloo_net::http::Request;
use serde::de::DeserializeOwned;

use web_sys::{AbortSignal, RequestCache};

use super::now;

/// A request that takes longer does not pass.
const PATIENCE_MS: u32 = 5_000;

/// Reads a JSON answer.
pub(crate) async fn get<T: DeserializeOwned>(address: &str) -> Result<T, FetchError> {
    let answer = Request::get(address).send().await.map_err(|error| failed(0, error))?;
    let status = answer.status();
    if answer.ok() {
        return answer.json().await.map_err(|error| failed(status, error));
    }
    match answer.json::<ApiError>().await {
        Ok(error) => Err(FetchError { status, message: error.message }),
        Err(_) => Err(FetchError { status, message: answer.status_text() }),
    }
}

fn failed(status: u16, error: impl std::fmt::Display) -> FetchError {
    FetchError { status, message: error.to_string() }
}

/// The round trip of a plain request, milliseconds, if one passes.
pub(crate) async fn reach() -> Option<f64> {
    let began = now();
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let request = Request::get("/healthz").cache(RequestCache::NoStore).abort_signal(Some(&patience));
    let answer = request.send().await.ok()?;
    answer.ok().then(|| now() - began)
}
