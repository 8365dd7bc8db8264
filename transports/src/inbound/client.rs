//! The page's end of `POST /live/send`.

use common::{
    ClientMessage, Cursor,
    api::ApiError,
    frame::{ErrorCode, ServerFrame},
};
use web_sys::AbortSignal;

use super::PATH;
use crate::browser::{fetch, frame};

/// The outcome of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// The message is stored, at this place.
    Sent(Cursor),
    /// The server does not take it; where it says so, sending it again after this many milliseconds may help.
    Rejected(ApiError, Option<u64>),
    /// The answer says nothing of the message, or there is none; sending it again is safe.
    Lost,
}

/// An attempt that takes longer is given up; the same message can safely be sent again.
const PATIENCE_MS: u32 = 30_000;

/// Sends a message once.
pub async fn post(message: &ClientMessage) -> PostOutcome {
    let Ok(text) = serde_json::to_string(message) else { return PostOutcome::Lost };
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let Ok(answer) = fetch::post(PATH, "application/json", &text, &patience).await else {
        return PostOutcome::Lost;
    };
    let Ok(body) = fetch::text(&answer).await else { return PostOutcome::Lost };
    if answer.ok() {
        return match frame("sent", "", &body) {
            Some(ServerFrame::Sent(receipt)) => PostOutcome::Sent(receipt.cursor),
            _ => PostOutcome::Lost,
        };
    }
    let status = answer.status();
    let (error, retry_ms) = refusal(&body).unwrap_or_else(|| {
        // Not from our server, but from something on the way to it.
        let message = format!("the message was refused with status {status}");
        (ApiError::new(ErrorCode::BadRequest, message), None)
    });
    let seconds = || fetch::header(&answer, "retry-after")?.parse::<u64>().ok();
    match retry_ms.or_else(|| Some(seconds()?.saturating_mul(1000))) {
        None if passes(status) => PostOutcome::Lost,
        retry_ms => PostOutcome::Rejected(error, retry_ms),
    }
}

/// The rejection of a message, or the refusal of a request that was not read as one.
fn refusal(body: &str) -> Option<(ApiError, Option<u64>)> {
    match frame("rejected", "", body).or_else(|| frame("error", "", body))? {
        ServerFrame::Rejected(rejection) => Some((rejection.error, rejection.retry_ms)),
        ServerFrame::Error(error) => Some((error, None)),
        _ => None,
    }
}

/// Reports that this status is about the moment, not about the message.
fn passes(status: u16) -> bool {
    !(400..500).contains(&status) || matches!(status, 408 | 425 | 429)
}
