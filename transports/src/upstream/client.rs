//! The page's end of `POST /live/send`.

use common::{Cursor, Message, api::ApiError, frame::ErrorCode, message::Receipt};
use serde::Deserialize;
use web_sys::AbortSignal;

use super::PATH;
use crate::browser::fetch;

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The message is stored, at this place.
    Sent(Cursor),
    /// The server does not take it; where it says so, sending it again after this many milliseconds may help.
    Rejected(ApiError, Option<u64>),
    /// No answer of the server's came back: whether it took the message is not known.
    Lost,
}

/// An attempt that takes longer is given up; the same message can safely be sent again.
const PATIENCE_MS: u32 = 30_000;

/// Sends a message once.
pub async fn post(message: &Message) -> Posted {
    let Ok(text) = serde_json::to_string(message) else { return Posted::Lost };
    let patience = AbortSignal::timeout_with_u32(PATIENCE_MS);
    let Ok(answer) = fetch::post(PATH, "application/json", &text, &patience).await else {
        return Posted::Lost;
    };
    let Ok(body) = fetch::text(&answer).await else { return Posted::Lost };
    if answer.ok() {
        return match serde_json::from_str::<Receipt>(&body) {
            Ok(receipt) => Posted::Sent(receipt.cursor),
            Err(_) => Posted::Lost,
        };
    }
    let seconds = || fetch::header(&answer, "retry-after")?.parse::<u64>().ok();
    match serde_json::from_str::<Refused>(&body) {
        Ok(Refused { error, retry_ms }) => {
            Posted::Rejected(error, retry_ms.or_else(|| Some(seconds()?.saturating_mul(1000))))
        }
        // Not from our server, but from something on the way to it.
        Err(_) => by_status(answer.status()),
    }
}

fn by_status(status: u16) -> Posted {
    match status {
        408 | 425 | 429 => Posted::Lost,
        400..500 => {
            let message = format!("the message was refused with status {status}");
            Posted::Rejected(ApiError { code: ErrorCode::BadRequest, message }, None)
        }
        _ => Posted::Lost,
    }
}

/// A rejection of a message, or the refusal of a request that was not read as one.
#[derive(Deserialize)]
struct Refused {
    #[serde(flatten)]
    error: ApiError,
    retry_ms: Option<u64>,
}
