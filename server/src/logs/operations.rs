//! The description of the routes.

use common::{
    frame::ErrorCode,
    host::HostId,
    limit::LimitName,
    logs::{LogSource, LogSourceList, LogsOpened, LogsRequest},
    stream::StreamId,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::openapi::operation::{
    ErrorAnswer::{Code, Limit},
    Operation,
    OperationGroup::Hosts as GROUP,
};

/// The query of a download.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "a source may stand several times, which is read elsewhere")]
struct DownloadQuery {
    /// A source, once for each: 1 to 16.
    source: Vec<LogSource>,
    /// The newest lines only, at most 100,000.
    tail: Option<u32>,
    /// Lines from this time on, Unix microseconds.
    since: Option<u64>,
    /// Lines up to this time.
    until: Option<u64>,
    /// Only lines that match this regular expression.
    #[param(max_length = 200)]
    pattern: Option<String>,
}

/// Describes the routes.
pub(super) fn operations() -> Vec<Operation> {
    let none_such = || [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound)];
    let not_read = || [Code(ErrorCode::SourceUnavailable), Limit(LimitName::Streams)];
    vec![
        Operation::get("/api/v1/hosts/{id}/logs", "listLogSources", GROUP, "List a host's sources of lines")
            .description("Those beside its containers.")
            .segment::<HostId>("id", "The host.")
            .answers::<LogSourceList>(200, "The sources.")
            .fails(none_such()),
        Operation::post("/api/v1/hosts/{id}/logs", "openLogs", GROUP, "Read lines of containers, the journal, files")
            .description(
                "They come as the items of a finite stream on the topic of the answer, which ends when there are no more, or when nobody has \
                 read it for half a minute.",
            )
            .segment::<HostId>("id", "The host.")
            .body::<LogsRequest>(json!({"sources": ["journal:ssh.service"], "tail": 200, "follow": true}))
            .answers::<LogsOpened>(201, "The stream has begun.")
            .fails(none_such())
            .fails(not_read())
            .fails([Limit(LimitName::PublicationsPerSecond), Limit(LimitName::Topics)])
            .fails([Code(ErrorCode::LogUnavailable), Code(ErrorCode::NotStored), Code(ErrorCode::ShuttingDown)]),
        Operation::delete("/api/v1/hosts/{id}/logs/{stream}", "cancelLogs", GROUP, "End a stream of lines")
            .segment::<HostId>("id", "The host.")
            .segment::<StreamId>("stream", "The stream.")
            .answers_nothing("It has ended as cancelled.")
            .fails(none_such())
            .fails([Code(ErrorCode::LogUnavailable), Code(ErrorCode::NotStored), Code(ErrorCode::ShuttingDown)]),
        Operation::get("/api/v1/hosts/{id}/logs/download", "downloadLogs", GROUP, "Download lines")
            .description("`TIME [source] text` each, the oldest first. A body that breaks off is not whole.")
            .segment::<HostId>("id", "The host.")
            .query::<DownloadQuery>()
            .answers_text(200, "text/plain", "The lines.")
            .fails(none_such())
            .fails(not_read())
            .fails([Limit(LimitName::PublicationsPerSecond)]),
    ]
}
