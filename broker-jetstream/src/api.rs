//! Requests to JetStream, with one kind of error.

use std::time::Duration;

use async_nats::{
    Client, HeaderMap, Request, RequestErrorKind,
    jetstream::{
        Context, context::RequestErrorKind as ContextErrorKind, message::StreamMessage, response::Response,
        stream::RawMessage,
    },
};
use broker::BrokerError;
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The time after which a request is given up: a leader answers in milliseconds or not at all.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Codes of JetStream's errors that decide what comes next.
pub(crate) mod code {
    pub(crate) const NO_SUITABLE_PEERS: u64 = 10005;
    pub(crate) const INSUFFICIENT_RESOURCES: u64 = 10023;
    pub(crate) const MESSAGE_NOT_FOUND: u64 = 10037;
    pub(crate) const NOT_ENABLED_FOR_ACCOUNT: u64 = 10039;
    pub(crate) const STORAGE_EXCEEDED: u64 = 10047;
    pub(crate) const NAME_IN_USE: u64 = 10058;
    pub(crate) const STREAM_NOT_FOUND: u64 = 10059;
    pub(crate) const WRONG_LAST_SEQUENCE: u64 = 10071;
    pub(crate) const NOT_ENABLED: u64 = 10076;
}

/// A request that JetStream did not do.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ApiError {
    /// Its answer.
    #[error("{description}")]
    Refused { code: u64, description: String },
    /// No server has what was asked for: JetStream is off, the stream is gone, or it has no leader at this moment.
    #[error("no server answers for it")]
    NoResponders,
    /// None came in time.
    #[error("no answer within {} s", REQUEST_TIMEOUT.as_secs())]
    TimedOut,
    /// The message is longer than the server takes.
    #[error("it is longer than the server takes")]
    TooLong,
    /// The connection failed, or the answer makes no sense.
    #[error("{0}")]
    Other(String),
}

impl ApiError {
    /// True if a server has no room for what it was asked to store.
    pub(crate) fn is_full(&self) -> bool {
        self.is(code::INSUFFICIENT_RESOURCES) || self.is(code::STORAGE_EXCEEDED)
    }

    pub(crate) fn is(&self, code: u64) -> bool {
        matches!(self, Self::Refused { code: theirs, .. } if *theirs == code)
    }
}

impl From<ApiError> for BrokerError {
    fn from(error: ApiError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Asks JetStream's API. `subject` is without its prefix.
pub(crate) async fn ask<T: DeserializeOwned>(
    context: &Context,
    subject: String,
    payload: &impl Serialize,
) -> Result<T, ApiError> {
    match context.request(subject, payload).await {
        Ok(Response::Ok(answer)) => Ok(answer),
        Ok(Response::Err { error }) => {
            Err(ApiError::Refused { code: error.error_code().0, description: error.to_string() })
        }
        Err(error) => Err(match error.kind() {
            ContextErrorKind::NoResponders => ApiError::NoResponders,
            ContextErrorKind::TimedOut => ApiError::TimedOut,
            _ => ApiError::Other(error.to_string()),
        }),
    }
}

/// The place that a stream gave a message.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Stored {
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) duplicate: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StoreAnswer {
    Refused { error: StoreRefusal },
    Stored(Stored),
}

#[derive(Deserialize)]
struct StoreRefusal {
    #[serde(default)]
    err_code: u64,
    #[serde(default)]
    description: String,
}

/// Publishes a message and waits until its stream has stored it.
pub(crate) async fn store(
    client: &Client,
    subject: String,
    headers: HeaderMap,
    payload: Bytes,
) -> Result<Stored, ApiError> {
    let request = Request::new().headers(headers).payload(payload).timeout(Some(REQUEST_TIMEOUT));
    let answer = client.send_request(subject, request).await.map_err(|error| match error.kind() {
        RequestErrorKind::NoResponders => ApiError::NoResponders,
        RequestErrorKind::TimedOut => ApiError::TimedOut,
        RequestErrorKind::MaxPayloadExceeded => ApiError::TooLong,
        _ => ApiError::Other(error.to_string()),
    })?;
    match serde_json::from_slice(&answer.payload) {
        Ok(StoreAnswer::Stored(stored)) => Ok(stored),
        Ok(StoreAnswer::Refused { error }) => {
            let description = format!("{} (error code {})", error.description, error.err_code);
            Err(ApiError::Refused { code: error.err_code, description })
        }
        Err(error) => Err(ApiError::Other(format!("an answer that is none: {error}"))),
    }
}

/// Names a message of a stream.
#[derive(Debug, Clone, Serialize)]
pub(crate) enum MessageAt {
    /// The one with this number.
    #[serde(rename = "seq")]
    Seq(u64),
    /// The newest one of a subject.
    #[serde(rename = "last_by_subj")]
    LastOf(String),
}

#[derive(Serialize)]
struct NextOf<'a> {
    seq: u64,
    next_by_subj: &'a str,
}

#[derive(Deserialize)]
struct RawAnswer {
    message: RawMessage,
}

/// Reads a message from a stream's leader, which knows all that was acknowledged; none where it keeps none such.
pub(crate) async fn read(
    context: &Context,
    stream: &str,
    at: &MessageAt,
) -> Result<Option<StreamMessage>, ApiError> {
    read_raw(context, stream, at).await
}

/// Reads the first message of a subject from a number on.
pub(crate) async fn read_next(
    context: &Context,
    stream: &str,
    from: u64,
    subject: &str,
) -> Result<Option<StreamMessage>, ApiError> {
    read_raw(context, stream, &NextOf { seq: from, next_by_subj: subject }).await
}

async fn read_raw(
    context: &Context,
    stream: &str,
    request: &impl Serialize,
) -> Result<Option<StreamMessage>, ApiError> {
    match ask::<RawAnswer>(context, format!("STREAM.MSG.GET.{stream}"), request).await {
        Ok(answer) => answer
            .message
            .try_into()
            .map(Some)
            .map_err(|error| ApiError::Other(format!("a message that is none: {error}"))),
        Err(error) if error.is(code::MESSAGE_NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Serialize)]
struct PurgeRequest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    seq: u64,
}

#[derive(Deserialize)]
struct PurgeAnswer {
    purged: u64,
}

/// Removes the messages before a number, of one subject or of all; returns how many.
pub(crate) async fn purge(
    context: &Context,
    stream: &str,
    filter: Option<&str>,
    before: u64,
) -> Result<u64, ApiError> {
    let request = PurgeRequest { filter, seq: before };
    ask::<PurgeAnswer>(context, format!("STREAM.PURGE.{stream}"), &request).await.map(|answer| answer.purged)
}
