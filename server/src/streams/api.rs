//! Streams over REST: opening one, writing it, ending it, and looking at those that there are.

use std::{sync::Arc, time::Duration};

use access::Action;
use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{
        DefaultBodyLimit, FromRef, FromRequestParts, Path, Query, Request, State,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::StatusCode,
    routing::{get, post},
};
use common::{
    Topic,
    frame::ErrorCode,
    limit::LimitName,
    status::ExactStatus,
    stream::{BadStreamId, STREAMS, StreamEndReason, StreamId, StreamOpened, StreamStatus},
};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use transports::{
    conn::{Peer, allow_long_body},
    gate::{ApiRejection, RateLimiter},
};
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{ItemsForm, write_lines},
    error::StreamError,
    live_stream::LiveStream,
    registry::Streams,
};
use crate::{
    access::Caller,
    accounts::DoorState,
    openapi::operation::{
        ErrorAnswer::{Code, Limit},
        Operation,
        OperationGroup::Streams as GROUP,
    },
    web::rejections,
};

/// The most bytes of a title, an error, and all around them.
const BODY: usize = 4 << 10;
/// The most characters of a title, and of what failed.
const TITLE: usize = 200;
/// The most bytes of items in one JSON body.
const ITEMS: usize = 1 << 20;
/// A body of lines may be silent for so long.
const SILENCE: Duration = Duration::from_secs(300);

/// The state of the routes; cheap to clone.
#[derive(Clone)]
pub(super) struct StreamsState {
    pub(super) streams: Streams,
    /// The rate limit of each client's requests that write.
    pub(super) writers: Arc<RateLimiter>,
    /// The longest item, bytes.
    pub(super) longest: usize,
    pub(super) door: DoorState,
}

impl FromRef<StreamsState> for DoorState {
    fn from_ref(state: &StreamsState) -> Self {
        state.door.clone()
    }
}

pub(super) fn routes() -> Router<StreamsState> {
    Router::new()
        .route("/api/v1/streams", get(list).post(open))
        .route("/api/v1/streams/{id}", get(status))
        .route("/api/v1/streams/{id}/end", post(end))
        .layer(DefaultBodyLimit::max(BODY))
        // Its lines are bounded one by one.
        .route("/api/v1/streams/{id}/items", post(write).layer(DefaultBodyLimit::disable()))
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let ended = || [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound), Code(ErrorCode::StreamEnded)];
    let too_fast = Limit(LimitName::PublicationsPerSecond);
    let not_taken =
        [Code(ErrorCode::LogUnavailable), Code(ErrorCode::NotStored), Code(ErrorCode::ShuttingDown)];
    vec![
        Operation::get("/api/v1/streams", "listStreams", GROUP, "List the streams of programs")
            .description("Those that this node has opened, the newest first; one that has ended stays for a minute.")
            .answers_list::<StreamStatus>("The streams at this moment."),
        Operation::post("/api/v1/streams", "openStream", GROUP, "Open a stream")
            .description("Readers follow its topic. It ends by a word of its writer's, or after an hour without one.")
            .body::<StreamRequest>(json!({"title": "nightly backup"}))
            .answers::<StreamOpened>(201, "It has begun.")
            .fails([too_fast, Limit(LimitName::Streams), Limit(LimitName::Topics)])
            .fails(not_taken),
        Operation::get("/api/v1/streams/{id}", "getStream", GROUP, "Look at a stream")
            .segment::<StreamId>("id", "The stream.")
            .answers::<StreamStatus>(200, "How it is.")
            .fails([Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)]),
        Operation::post("/api/v1/streams/{id}/items", "writeStream", GROUP, "Write items to a stream")
            .description(
                "Any JSON values, as `{\"items\": […]}`; or a line each, which readers are told as soon as it is there: JSON values as \
                 application/x-ndjson, texts as text/plain. The answer waits while readers lag, for ten seconds at most.",
            )
            .segment::<StreamId>("id", "The stream.")
            .query::<WriteQuery>()
            .body::<ItemsRequest>(json!({"items": ["copied 3 of 7", {"done": 0.43}]}))
            .answers::<StreamStatus>(200, "They are written.")
            .fails(ended())
            .fails([too_fast, Limit(LimitName::PublicationBytes)])
            .fails(not_taken),
        Operation::post("/api/v1/streams/{id}/end", "endStream", GROUP, "End a stream")
            .description("The first word holds: whoever ends it again is told how it has ended.")
            .segment::<StreamId>("id", "The stream.")
            .body::<EndRequest>(json!({"reason": "complete"}))
            .answers::<StreamStatus>(200, "It has ended.")
            .fails(ended())
            .fails([too_fast])
            .fails(not_taken),
    ]
}

/// A stream to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StreamRequest {
    /// Its title, for people: 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
}

/// Items to write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ItemsRequest {
    /// Any JSON values, in their order.
    #[schema(value_type = Vec<Value>)]
    items: Vec<Box<RawValue>>,
}

/// The end of a stream.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndRequest {
    /// The reason.
    reason: StreamEndReason,
    /// The failure, in a sentence of at most 200 characters; only where it failed.
    #[schema(max_length = 200)]
    error: Option<String>,
}

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WriteQuery {
    /// `true` to end the stream with the body: as complete, or as failed where the body breaks off or a line cannot be taken.
    #[serde(default)]
    end: bool,
}

async fn list(State(state): State<StreamsState>, caller: Caller) -> Json<Vec<StreamStatus>> {
    Json(state.readable(&caller))
}

async fn open(
    State(state): State<StreamsState>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    body: Result<Json<StreamRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<StreamOpened>), ApiRejection> {
    state.may_write(peer)?;
    let Json(StreamRequest { title }) = body.map_err(|error| rejections::body(&error, BODY))?;
    let title = sentence(title.trim(), "a title has 1 to 200 characters, and no control characters")?;
    // Nobody knows its name yet: whoever may write any stream may open one.
    caller.may(Action::Publish, &any_stream())?;
    Ok((StatusCode::CREATED, Json(state.streams.open_for_program(title).await?)))
}

async fn status(
    State(state): State<StreamsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
) -> Result<Json<StreamStatus>, ApiRejection> {
    let id = stream_id(id)?;
    caller.may(Action::ReadTopic, &id.topic())?;
    Ok(Json(state.of_program(&id)?.status()))
}

async fn write(
    State(state): State<StreamsState>,
    Extension(peer): Extension<Peer>,
    caller: Caller,
    request: Request,
) -> Result<Json<StreamStatus>, ApiRejection> {
    let (mut parts, body) = request.into_parts();
    let id = stream_id(Path::from_request_parts(&mut parts, &()).await)?;
    let query: Result<Query<WriteQuery>, QueryRejection> = Query::try_from_uri(&parts.uri);
    let Query(WriteQuery { end }) = query.map_err(rejections::query)?;
    state.may_write(peer)?;
    caller.may(Action::Publish, &id.topic())?;
    let form = ItemsForm::of(&parts.headers)?;
    let stream = state.of_program(&id)?;
    if form != ItemsForm::Json {
        allow_long_body(&parts.extensions, SILENCE);
    }
    // A task of its own: nobody waits for the answer of a request that breaks off, and what it has written is to end all the same.
    let longest = state.longest;
    let writing = tokio::spawn(async move {
        let written = match form {
            ItemsForm::Json => write_json(&stream, body).await,
            form => write_lines(&stream, form, body, longest).await.map_err(ApiRejection::from),
        };
        if end {
            let (reason, error) = match &written {
                Ok(()) => (StreamEndReason::Complete, None),
                Err(rejection) => (StreamEndReason::Failed, Some(rejection.error().message.clone())),
            };
            stream.end(reason, error).await?;
        }
        written.map(|()| stream.status())
    });
    let written = writing.await.map_err(|error| StreamError::BrokenOff(error.to_string()))?;
    Ok(Json(written?))
}

async fn write_json(stream: &LiveStream, body: Body) -> Result<(), ApiRejection> {
    let too_long = |_| ApiRejection::limit_reached(LimitName::BodyBytes, ITEMS, "the body is too long");
    let bytes = to_bytes(body, ITEMS).await.map_err(too_long)?;
    let read: Result<ItemsRequest, _> = serde_json::from_slice(&bytes);
    let ItemsRequest { items } = read.map_err(|error| {
        let message = format!("the items cannot be read: {error}");
        if error.is_data() {
            ApiRejection::exact(ExactStatus::UnprocessableContent, message)
        } else {
            ApiRejection::new(ErrorCode::BadRequest, message)
        }
    })?;
    Ok(stream.send(&items).await?)
}

async fn end(
    State(state): State<StreamsState>,
    Extension(peer): Extension<Peer>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    body: Result<Json<EndRequest>, JsonRejection>,
) -> Result<Json<StreamStatus>, ApiRejection> {
    state.may_write(peer)?;
    let id = stream_id(id)?;
    caller.may(Action::Publish, &id.topic())?;
    let Json(EndRequest { reason, error }) = body.map_err(|error| rejections::body(&error, BODY))?;
    if error.is_some() && reason != StreamEndReason::Failed {
        return Err(StreamError::Invalid("only a stream that failed has an error").into());
    }
    let error = error
        .map(|error| sentence(error.trim(), "an error has 1 to 200 characters, and no control characters"))
        .transpose()?;
    let stream = state.of_program(&id)?;
    // A task of its own: a publication that has begun goes on where the request breaks off, and is then to be known here, too.
    let ending = tokio::spawn({
        let stream = Arc::clone(&stream);
        async move { stream.end(reason, error).await }
    });
    if !ending.await.map_err(|error| StreamError::BrokenOff(error.to_string()))?? {
        // It tells how it has ended.
        stream.send::<()>(&[]).await?;
    }
    Ok(Json(stream.status()))
}

fn stream_id(id: Result<Path<String>, PathRejection>) -> Result<StreamId, ApiRejection> {
    let Path(id) = id.map_err(rejections::segment)?;
    id.parse().map_err(|error: BadStreamId| StreamError::from(error).into())
}

/// A sentence for people.
fn sentence(text: &str, otherwise: &'static str) -> Result<String, StreamError> {
    let is_one = (1..=TITLE).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if is_one { Ok(text.to_owned()) } else { Err(StreamError::Invalid(otherwise)) }
}

/// The topic that stands for any stream.
fn any_stream() -> Topic {
    [STREAMS, "/any"].concat().parse().expect("two words are a topic")
}

impl StreamsState {
    fn may_write(&self, Peer(peer): Peer) -> Result<(), StreamError> {
        if self.writers.try_take(peer.ip()) { Ok(()) } else { Err(StreamError::TooFast(self.writers.rate())) }
    }

    /// The streams that the caller may read, the newest first.
    pub(super) fn readable(&self, caller: &Caller) -> Vec<StreamStatus> {
        let may_read = |stream: &StreamStatus| caller.may(Action::ReadTopic, &stream.topic).is_ok();
        self.streams.list().into_iter().filter(may_read).collect()
    }

    /// Finds a stream that a program writes. Those that a reader has asked for are nobody else's.
    pub(super) fn of_program(&self, id: &StreamId) -> Result<Arc<LiveStream>, StreamError> {
        let found = self.streams.find(id)?;
        if found.topic == id.topic() { Ok(found) } else { Err(StreamError::NoStream(id.to_string())) }
    }
}
