//! The server's end. While it waits, a question is a socket, a session and a timer: neither a thread nor hyper's
//! memory.

use std::time::Duration;

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use common::frame::ErrorCode;

use super::ENTRY;
use crate::{
    gate::{Refusal, allowed},
    line::Handover,
    live::Live,
    polling::{Last, Questions},
};

/// How long to wait unless the question says: most proxies cut what is silent for 30 s or 60 s.
const WAIT: Duration = Duration::from_secs(25);
/// The longest that a question may ask for.
const LONGEST: u64 = 120;

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll).options(allowed))
}

async fn poll(State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery) -> Response {
    let address = handover.address;
    let questions = Questions { entry: &ENTRY, live, address, patience, last: Last::default() };
    handover.questions(query.as_deref(), questions).await
}

/// `?wait=SECONDS`.
fn patience(query: Option<&str>) -> Result<Duration, Refusal> {
    let mut all = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, text)) = all.find(|(name, _)| name == "wait") else { return Ok(WAIT) };
    match text.parse() {
        Ok(seconds @ 0..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => {
            let message = format!("wait is a number of seconds, 0 to {LONGEST}");
            Err(Refusal::new(400, ErrorCode::BadRequest, message))
        }
    }
}
