//! Lines over REST: which sources there are, a stream of their lines, and a download.

use std::sync::Arc;

use access::Action;
use axum::{
    Extension, Json, Router,
    extract::{
        DefaultBodyLimit, Path, RawQuery, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get},
};
use common::{
    Topic,
    host::HostId,
    logs::{LogMark, LogSourceList, LogsOpened, LogsRequest},
    stream::StreamId,
};
use fanout::Hub;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use transports::{
    conn::Peer,
    gate::{ApiRejection, RateLimiter},
};

use super::{
    download, error::LogsError, line_query::LineQuery, reading, send, source::LineSource,
    sources::HostSources,
};
use crate::{access::Caller, streams::Streams, web::rejections};

/// The most bytes of a request.
const BODY: usize = 16 << 10;
/// Lines are read for at most so many readers at once: each costs connections, or child processes.
pub(super) const READERS: usize = 128;
/// The most characters of a stream's title.
const TITLE: usize = 200;
/// The bytes of an item beside its text, as JSON writes it.
const AROUND: usize = 2_048;

/// The state of the routes; cheap to clone.
#[derive(Clone)]
pub(super) struct LogsState {
    pub(super) hub: Hub,
    pub(super) streams: Streams,
    pub(super) sources: HostSources,
    /// The places of readers.
    pub(super) places: Arc<Semaphore>,
    /// The rate limit of each client's requests that begin to read.
    pub(super) openers: Arc<RateLimiter>,
    pub(super) stop: CancellationToken,
}

pub(super) fn routes() -> Router<LogsState> {
    Router::new()
        .route("/api/v1/hosts/{id}/logs", get(list).post(open))
        .route("/api/v1/hosts/{id}/logs/{stream}", delete(cancel))
        .route("/api/v1/hosts/{id}/logs/download", get(download))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn list(
    State(state): State<LogsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<LogSourceList>, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let host = readable(&id, &caller)?;
    Ok(Json(state.sources.list(host).await))
}

async fn open(
    State(state): State<LogsState>,
    Extension(peer): Extension<Peer>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    body: Result<Json<LogsRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<LogsOpened>), ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let Json(request) = body.map_err(|error| rejections::body(&error, BODY))?;
    let host = readable(&id, &caller)?;
    let query = LineQuery::check(request)?;
    let place = state.place(peer)?;
    let sources = state.sources.find(&query.sources).await?;
    let topic = |stream: &StreamId| host.logs_topic(stream);
    let opened = state.streams.open_for_reader(topic, title(&sources)).await;
    let (writer, opened) = opened.map_err(LogsError::NotOpened)?;
    let longest = state.hub.settings().publication_bytes.saturating_sub(AROUND).max(64);
    let lines = reading::lines(sources, query);
    let stop = state.stop.clone();
    tokio::spawn(async move {
        send::send(writer, lines, longest, stop).await;
        drop(place);
    });
    Ok((StatusCode::CREATED, Json(LogsOpened { id: opened.id, topic: opened.topic })))
}

async fn cancel(
    State(state): State<LogsState>,
    segments: Result<Path<(String, String)>, PathRejection>,
    caller: Caller,
) -> Result<StatusCode, ApiRejection> {
    let Path((id, stream)) = segments.map_err(rejections::segment)?;
    let stream: StreamId = stream.parse().map_err(LogsError::Stream)?;
    let host = readable(&id, &caller)?;
    let ended = state.streams.cancel(&stream, &host.logs_topic(&stream)).await;
    if ended.map_err(LogsError::NotOpened)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(LogsError::NoStream(stream).into())
    }
}

async fn download(
    State(state): State<LogsState>,
    Extension(peer): Extension<Peer>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    let host = readable(&id, &caller)?;
    let query = LineQuery::check(request_of(query.as_deref().unwrap_or_default())?)?;
    let place = state.place(peer)?;
    let sources = state.sources.find(&query.sources).await?;
    let now = app::format::iso(state.hub.clock().unix_millis()).replace([':', '-'], "");
    let head = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!(r#"attachment; filename="logs-{host}-{now}.txt""#)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = download::body(reading::lines(sources.clone(), query), &sources, place);
    Ok((head, body).into_response())
}

/// Reads the query of a download, in which a source may stand several times.
fn request_of(query: &str) -> Result<LogsRequest, LogsError> {
    let mut request = LogsRequest {
        sources: Vec::new(),
        follow: false,
        tail: None,
        since: None,
        until: None,
        pattern: None,
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let number = || LogsError::Invalid(format!("{name} is no whole number, or too great a one"));
        let mark = || -> Result<_, LogsError> {
            Ok(Some(LogMark { at: value.parse().map_err(|_| number())?, seen: 0 }))
        };
        match &*name {
            "source" => request.sources.push(value.parse()?),
            "tail" => request.tail = Some(value.parse().map_err(|_| number())?),
            "since" => request.since = mark()?,
            "until" => request.until = mark()?,
            "pattern" => request.pattern = Some(value.into_owned()),
            _ => {}
        }
    }
    Ok(request)
}

/// Checks that there is such a host, and that the caller may read its lines.
fn readable(id: &str, caller: &Caller) -> Result<HostId, ApiRejection> {
    let host: HostId = id.parse().map_err(LogsError::Host)?;
    caller.may(Action::ReadTopic, &any_stream(&host))?;
    if host == HostId::local() { Ok(host) } else { Err(LogsError::NoHost(host).into()) }
}

/// The topic that stands for any stream of a host's lines.
pub(super) fn any_stream(host: &HostId) -> Topic {
    host.logs_topic(&StreamId::of_bytes([0; 16]))
}

fn title(sources: &[Arc<dyn LineSource>]) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.name()).collect();
    names.join(", ").chars().take(TITLE).collect()
}

impl LogsState {
    /// Takes a place for a reader.
    fn place(&self, Peer(peer): Peer) -> Result<OwnedSemaphorePermit, LogsError> {
        if !self.openers.try_take(peer.ip()) {
            return Err(LogsError::TooFast(self.openers.rate()));
        }
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| LogsError::TooMany(READERS))
    }
}
