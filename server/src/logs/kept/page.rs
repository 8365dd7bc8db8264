//! The document of kept lines.

use app::door::{KEPT_LOG_HOURS, KeptLogSearch, KeptLogsPage, kept_logs};
use axum::{
    Extension, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use common::door::paths;
use kept_logs::{KeptLogs, Query as LineSearch};
use serde::Deserialize;
use transports::{conn::Peer, gate::ApiRejection};

use super::api::{KeptState, query_of};
use crate::{access::Caller, accounts::Visitor, logs::error::LogsError};

pub(super) fn routes() -> Router<KeptState> {
    Router::new().route(paths::KEPT_LOGS, get(page))
}

/// The query of the page: each part of its form may be empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct KeptPageQuery {
    words: String,
    pattern: String,
    source: String,
    hours: String,
    before: Option<String>,
}

async fn page(
    State(state): State<KeptState>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<KeptPageQuery>, QueryRejection>,
) -> Result<Response, ApiRejection> {
    state.admit(peer, &caller)?;
    let KeptPageQuery { words, pattern, source, hours, before } =
        query.map(|Query(query)| query).unwrap_or_default();
    let hours = hours.parse().ok().filter(|hours| KEPT_LOG_HOURS.contains(hours));
    let mut page = KeptLogsPage {
        search: KeptLogSearch { words, pattern, source, hours, before },
        ..KeptLogsPage::default()
    };
    let mut status = StatusCode::OK;
    if let Some(logs) = state.logs.clone()
        && let Err(error) = fill(&state, logs, &mut page).await
    {
        page.problem = Some(error.to_string());
        status = ApiRejection::from(error).status();
    }
    Ok(visitor.answer(status, kept_logs(&visitor.context(), page)))
}

async fn fill(state: &KeptState, logs: KeptLogs, page: &mut KeptLogsPage) -> Result<(), LogsError> {
    (_, page.sources) = state.sources(logs.clone()).await?;
    let now = u64::try_from(state.clock.unix_time().as_micros()).unwrap_or(u64::MAX);
    let query = LineSearch { since: page.search.since(now), ..query_of(&as_query(&page.search))? };
    let found = state.search(logs, query).await?;
    (page.hits, page.next) = (Some(found.hits), found.next);
    Ok(())
}

/// The search in the words of the REST API.
fn as_query(search: &KeptLogSearch) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("words", search.words.as_str()),
        ("pattern", &search.pattern),
        ("before", search.before.as_deref().unwrap_or_default()),
        ("source", &search.source),
    ] {
        if !value.is_empty() {
            pairs.append_pair(name, value);
        }
    }
    pairs.finish()
}
