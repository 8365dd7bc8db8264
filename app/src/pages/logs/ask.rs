//! Requests to the server. All are one function, for each future of its own brings much code.

use leptos::task::spawn_local;

use crate::ports::{Browser, FetchError};

/// Asks for something, and does something with the answer.
pub(super) fn ask(
    browser: Browser,
    method: &'static str,
    address: String,
    json: Option<String>,
    then: Box<dyn FnOnce(Result<String, FetchError>)>,
) {
    spawn_local(async move { then(browser.requests.text(method, &address, json.as_deref()).await) });
}
