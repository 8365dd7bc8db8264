//! Serves a room's messages over REST: for programs, and for reading further back than a live connection begins.

use access::Action;
use axum::{
    Json, Router,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::HeaderName,
    routing::get,
};
use common::{
    Cursor,
    chat::{BadRoomId, RoomId},
    frame::ErrorCode,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use transports::gate::ApiRejection;
use utoipa::{IntoParams, ToSchema};

use super::Chat;
use crate::{
    access::Caller,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup},
    web::{headers::UNKEPT, rejections},
};

/// The most messages of one answer, and how many there are unless fewer are asked for.
const PAGE: usize = 200;

pub(super) fn routes() -> Router<Chat> {
    Router::new().route("/api/v1/chat/{room}/messages", get(messages))
}

/// Describes the route.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/api/v1/chat/{room}/messages",
            "listMessages",
            OperationGroup::Chat,
            "Read what was said in a room",
        )
        .segment::<RoomId>("room", "The room.")
        .query::<MessagesQuery>()
        .answers::<MessagesPage>(200, "A stretch of its messages, the oldest first.")
        .fails([Code(ErrorCode::BadCursor), Code(ErrorCode::NotFound)]),
    ]
}

/// Why a room's messages cannot be read.
#[derive(Debug, thiserror::Error)]
enum HistoryError {
    /// The name is no room's. 400 `bad_request`.
    #[error(transparent)]
    Room(BadRoomId),
    /// More or fewer messages than an answer has. 400 `bad_request`.
    #[error("limit is {0}: it must be 1 to {PAGE}")]
    Limit(usize),
    /// There is no such room. 404 `not_found`.
    #[error("there is no room {0}")]
    NoRoom(RoomId),
    /// The place is of another life of the log. 400 `bad_cursor`.
    #[error(
        "before={before} is a place in another life of the log, which is at {head}: leave it out to read from the newest"
    )]
    OtherEpoch { before: Cursor, head: Cursor },
}

impl From<HistoryError> for ApiRejection {
    fn from(error: HistoryError) -> Self {
        let code = match error {
            HistoryError::Room(_) | HistoryError::Limit(_) => ErrorCode::BadRequest,
            HistoryError::NoRoom(_) => ErrorCode::NotFound,
            HistoryError::OtherEpoch { .. } => ErrorCode::BadCursor,
        };
        Self::new(code, error.to_string())
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MessagesQuery {
    /// Only messages before this place.
    #[param(inline)]
    before: Option<Cursor>,
    /// The most messages of the answer; 200 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A stretch of a room's messages.
#[derive(Serialize, ToSchema)]
struct MessagesPage {
    /// The log's place when this was read: a live line with `since=` goes on from here.
    cursor: Cursor,
    /// True if the room has more messages before these.
    earlier: bool,
    /// Oldest first.
    messages: Vec<StoredMessage>,
}

/// A message, and its place.
#[derive(Serialize, ToSchema)]
struct StoredMessage {
    /// Its place in the log.
    cursor: Cursor,
    /// As it was published.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
}

async fn messages(
    State(chat): State<Chat>,
    caller: Caller,
    room: Result<Path<String>, PathRejection>,
    query: Result<Query<MessagesQuery>, QueryRejection>,
) -> Result<([(HeaderName, &'static str); 1], Json<MessagesPage>), ApiRejection> {
    let Path(room) = room.map_err(rejections::segment)?;
    let room: RoomId = room.parse().map_err(HistoryError::Room)?;
    caller.may(Action::ReadTopic, &room.chat_topic())?;
    let Query(MessagesQuery { before, limit }) = query.map_err(rejections::query)?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(HistoryError::Limit(limit).into());
    }
    if !chat.has(&room) {
        return Err(HistoryError::NoRoom(room).into());
    }
    let epoch = chat.0.hub.head().epoch;
    if let Some(before) = before.filter(|before| before.epoch != epoch) {
        return Err(HistoryError::OtherEpoch { before, head: chat.0.hub.head() }.into());
    }
    let stretch = chat.0.hub.history(&room.chat_topic(), before.map(|before| before.seq), limit);
    let said = stretch.entries.iter().filter_map(|entry| {
        Some(StoredMessage { cursor: entry.cursor, data: serde_json::from_slice(&entry.data).ok()? })
    });
    let page = MessagesPage { cursor: stretch.head, earlier: stretch.earlier, messages: said.collect() };
    Ok((UNKEPT, Json(page)))
}
