//! The server's end: every question is answered at once.

use std::time::Duration;

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};

use super::{ENTRY, Last, Questions};
use crate::{gate::allowed, line::Handover, live::Live};

pub(crate) fn routes() -> Router<Live> {
    Router::new().route(ENTRY.path, get(poll).options(allowed))
}

async fn poll(State(live): State<Live>, handover: Handover, RawQuery(query): RawQuery) -> Response {
    let (address, patience) = (handover.address, |_: Option<&str>| Ok(Duration::ZERO));
    let questions = Questions { entry: &ENTRY, live, address, patience, last: Last::default() };
    handover.questions(query.as_deref(), questions).await
}
