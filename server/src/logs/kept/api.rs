//! Kept lines over REST.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use access::Action;
use axum::{
    Extension, Json, Router,
    extract::{FromRef, RawQuery, State},
    routing::get,
};
use common::{
    host::HostId,
    kept_logs::{KeptLogHit, KeptLogPage, KeptLogSource, KeptLogSources},
};
use fanout::Clock;
use kept_logs::{Hit, KeptLogs, KeptLogsError, KeptLogsSettings, Query, Words};
use tokio::sync::Semaphore;
use transports::{
    conn::Peer,
    gate::{ApiRejection, RateLimiter},
};

use crate::{
    access::Caller,
    accounts::DoorState,
    logs::{api::any_stream, error::LogsError, line_query},
};

/// A search has so long; what it did not look at comes with the next page.
const TIME: Duration = Duration::from_secs(2);
/// The most hits of a page.
const HITS: usize = 1_000;
/// The most hosts, and the most sources, that are named.
const NAMED: usize = 16;

/// The state of the routes; cheap to clone.
#[derive(Clone)]
pub(super) struct KeptState {
    /// None where nothing is kept.
    pub(super) logs: Option<KeptLogs>,
    pub(super) settings: KeptLogsSettings,
    pub(super) days: u32,
    /// The places of searches.
    pub(super) searches: Arc<Semaphore>,
    /// The rate limit of each client's searches.
    pub(super) askers: Arc<RateLimiter>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) door: DoorState,
}

impl FromRef<KeptState> for DoorState {
    fn from_ref(state: &KeptState) -> Self {
        state.door.clone()
    }
}

pub(super) fn routes() -> Router<KeptState> {
    Router::new().route("/api/v1/kept-logs", get(search)).route("/api/v1/kept-logs/sources", get(sources))
}

async fn sources(
    State(state): State<KeptState>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
) -> Result<Json<KeptLogSources>, ApiRejection> {
    state.admit(peer, &caller)?;
    let (bytes, sources) = state.sources(state.kept()?).await?;
    Ok(Json(KeptLogSources { bytes, most_bytes: state.settings.bytes, days: state.days, sources }))
}

async fn search(
    State(state): State<KeptState>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<KeptLogPage>, ApiRejection> {
    state.admit(peer, &caller)?;
    let logs = state.kept()?;
    let query = query_of(query.as_deref().unwrap_or_default())?;
    Ok(Json(state.search(logs, query).await?))
}

fn told(hit: Hit) -> KeptLogHit {
    let Hit { source, line, repeated, first_at } = hit;
    KeptLogHit {
        host: source.host.clone(),
        source: source.key.clone(),
        name: source.name.clone(),
        at: line.at,
        first_at,
        repeated,
        stderr: line.stderr,
        text: line.text,
        cut: line.cut,
    }
}

/// Reads a search, in which a host and a source may stand several times.
pub(super) fn query_of(query: &str) -> Result<Query, LogsError> {
    let invalid = |why: &str| LogsError::Invalid(why.to_owned());
    let mut wanted = Query::all(Instant::now());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let number = || LogsError::Invalid(format!("{name} is no whole number, or too great a one"));
        match &*name {
            "host" => wanted.hosts.push(value.into_owned()),
            "source" => wanted.sources.push(value.into_owned()),
            "words" if value.is_empty() => {}
            "words" => {
                wanted.words =
                    Some(Words::parse(&value).map_err(|error| LogsError::Invalid(error.to_string()))?);
            }
            "pattern" if value.is_empty() => {}
            "pattern" => wanted.pattern = Some(line_query::compiled(&value)?),
            "since" => wanted.since = value.parse().map_err(|_| number())?,
            "until" => wanted.until = value.parse().map_err(|_| number())?,
            "limit" => wanted.limit = value.parse().map_err(|_| number())?,
            "before" => {
                let place = value.parse();
                wanted.before = Some(place.map_err(|_| invalid("before is the `next` of a page"))?);
            }
            _ => {}
        }
    }
    if !(1..=HITS).contains(&wanted.limit) {
        return Err(invalid("limit is 1 to 1000"));
    }
    if wanted.hosts.len() > NAMED || wanted.sources.len() > NAMED {
        return Err(invalid("at most 16 hosts and 16 sources are named"));
    }
    Ok(wanted)
}

/// Ends a search when the future that waits for it is dropped: the client is gone.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl KeptState {
    /// Lets a caller in who may read lines of this host, and does not ask too often.
    pub(super) fn admit(&self, Peer(peer): Peer, caller: &Caller) -> Result<(), ApiRejection> {
        caller.may(Action::ReadTopic, &any_stream(&HostId::local()))?;
        if self.askers.try_take(peer.ip()) {
            Ok(())
        } else {
            Err(LogsError::TooFast(self.askers.rate()).into())
        }
    }

    fn kept(&self) -> Result<KeptLogs, LogsError> {
        let off = || LogsError::NoSource("lines are not kept here: the setting logs.keep is off".to_owned());
        self.logs.clone().ok_or_else(off)
    }

    /// The bytes that are kept, and the sources.
    pub(super) async fn sources(&self, logs: KeptLogs) -> Result<(u64, Vec<KeptLogSource>), LogsError> {
        let (bytes, found) = self.apart(move || Ok((logs.bytes(), logs.sources()))).await?;
        let sources = found.into_iter().map(|summary| KeptLogSource {
            host: summary.source.host,
            source: summary.source.key,
            name: summary.source.name,
            first_at: summary.first_at,
            last_at: summary.last_at,
            lines: summary.lines,
        });
        Ok((bytes, sources.collect()))
    }

    /// Looks for lines, for a while, and no longer than somebody waits for them.
    pub(super) async fn search(&self, logs: KeptLogs, query: Query) -> Result<KeptLogPage, LogsError> {
        let _stop = StopOnDrop(Arc::clone(&query.stop));
        let page =
            self.apart(move || logs.search(&Query { deadline: Instant::now() + TIME, ..query })).await?;
        Ok(KeptLogPage {
            hits: page.hits.into_iter().map(told).collect(),
            next: page.next.map(|place| place.to_string()),
        })
    }

    /// Does what waits for the disk, when there is a place for it. It keeps its place to its end, also when nobody waits for it any more.
    async fn apart<T: Send + 'static>(
        &self,
        what: impl FnOnce() -> Result<T, KeptLogsError> + Send + 'static,
    ) -> Result<T, LogsError> {
        let place = Arc::clone(&self.searches).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            what()
        })
        .await;
        let done = done.map_err(|error| LogsError::NotRead(error.to_string()))?;
        done.map_err(|error| LogsError::NotRead(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_makes_no_sense_is_refused_with_a_sentence() {
        for (query, said) in [
            ("words=--", "no letter"),
            ("pattern=(", "unclosed group"),
            ("since=now", "since is no whole number"),
            ("until=-1", "until is no whole number"),
            ("limit=0", "1 to 1000"),
            ("limit=1001", "1 to 1000"),
            ("before=1.2.3", "`next` of a page"),
            ("before=1.2.3.4.5", "`next` of a page"),
            (&"source=a&".repeat(17), "16 sources"),
        ] {
            let error = query_of(query).expect_err(query).to_string();
            assert!(error.contains(said), "{query}: {error}");
        }
        let query =
            query_of("words=&pattern=&source=web&source=db&host=local&since=3&unknown=1").expect("one");
        assert!(query.words.is_none() && query.pattern.is_none() && query.since == 3);
        assert_eq!((query.sources.len(), query.hosts.len(), query.limit), (2, 1, Query::LIMIT));
    }
}
