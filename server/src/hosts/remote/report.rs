//! Taking the report of an agent.

use std::sync::Arc;

use access::Credential;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use common::{frame::ErrorCode, limit::LimitName};
use store::StoreError;
use transports::gate::ApiRejection;

use super::{host::RemoteHost, registry::RemoteHosts};
use crate::{
    access::Caller,
    agent::{
        AgentTransport,
        wire::{
            REPORT_BYTES, REPORT_LINE_BYTES, REPORT_LINES, ReportAnswer, ReportCheck, ReportHead, ReportLine,
        },
    },
};

/// Why a report as a whole is not taken.
#[derive(Debug, thiserror::Error)]
enum BadReport {
    /// The request carries another proof than an agent's key. 400 `bad_request`.
    #[error("this address is for agents, which send their key as `Authorization: Bearer KEY`")]
    NoAgent,
    /// The first line is no head. 400 `bad_request`.
    #[error("the first line of a report says who sends it: {0}")]
    Head(serde_json::Error),
    /// There are too many lines. 400 `bad_request`.
    #[error("a report has at most {REPORT_LINES} lines behind the first: send the rest in the next one")]
    TooLong,
    /// The store does not have the host any more, or does not answer. 503 `store_unavailable`.
    #[error("the host: {0}")]
    Host(StoreError),
    /// History takes no numbers now. 503 `store_unavailable`.
    #[error("numbers cannot be kept now: the server's disk is full, or does not follow; send them again")]
    Full,
    /// The server stops. 500 `internal`.
    #[error("the report was broken off")]
    BrokenOff,
}

impl From<BadReport> for ApiRejection {
    fn from(error: BadReport) -> Self {
        let code = match error {
            BadReport::Host(_) | BadReport::Full => ErrorCode::StoreUnavailable,
            BadReport::BrokenOff => ErrorCode::Internal,
            _ => ErrorCode::BadRequest,
        };
        Self::new(code, error.to_string())
    }
}

/// Takes one report of a request.
pub(super) async fn report(
    State(hosts): State<RemoteHosts>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ReportAnswer>, ApiRejection> {
    let number = agent(&caller)?;
    let body = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiRejection::limit_reached(LimitName::BodyBytes, REPORT_BYTES, error.body_text())
        }
        _ => ApiRejection::new(ErrorCode::BadRequest, error.body_text()),
    })?;
    Ok(Json(take_report(&hosts, number, AgentTransport::Post, &body).await?))
}

/// Returns the number of the host whose agent asks.
///
/// # Errors
/// When it is no agent.
pub(super) fn agent(caller: &Caller) -> Result<u64, ApiRejection> {
    match caller.principal.credential {
        Credential::Agent(number) => Ok(number),
        _ => Err(BadReport::NoAgent.into()),
    }
}

/// Finds the host of an agent.
///
/// # Errors
/// When the store does not have it any more, or does not answer.
pub(super) async fn find(hosts: &RemoteHosts, number: u64) -> Result<Arc<RemoteHost>, ApiRejection> {
    Ok(hosts.reporting(number).await.map_err(BadReport::Host)?)
}

/// Takes a whole report, which has come by this transport.
///
/// # Errors
/// When it is not taken as a whole.
pub(super) async fn take_report(
    hosts: &RemoteHosts,
    number: u64,
    transport: AgentTransport,
    body: &Bytes,
) -> Result<ReportAnswer, ApiRejection> {
    let mut lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default();
    let now = hosts.clock().unix_millis();
    let run = hosts.run;
    let head: ReportHead = match serde_json::from_slice(first) {
        Ok(head) => head,
        Err(_) if serde_json::from_slice::<ReportCheck>(first).is_ok() => {
            return Ok(ReportAnswer {
                now,
                run,
                taken: 0,
                refused: 0,
                why: None,
                watched: Vec::new(),
                probes: None,
            });
        }
        Err(error) => return Err(BadReport::Head(error).into()),
    };
    let lines: Vec<&[u8]> = lines.take(REPORT_LINES + 1).collect();
    if lines.len() > REPORT_LINES {
        return Err(BadReport::TooLong.into());
    }
    let host = find(hosts, number).await?;
    host.take_head(&head, transport, now)
        .map_err(|error| ApiRejection::new(ErrorCode::BadRequest, error.to_string()))?;
    let probes = hosts.probes.heard(host.host.info().id.as_str(), &head.version, head.probes);
    let lines: Vec<Bytes> = lines.into_iter().map(|line| body.slice_ref(line)).collect();
    let taken = tokio::task::spawn_blocking(move || {
        let answer = take(&host, run, &lines, now);
        (!host.host.cannot_keep()).then_some(answer)
    });
    let answer = taken.await.map_err(|_| BadReport::BrokenOff)?.ok_or(BadReport::Full)?;
    Ok(ReportAnswer { probes: probes.map(Arc::unwrap_or_clone), ..answer })
}

fn read(line: &[u8]) -> Result<ReportLine, String> {
    if line.len() > REPORT_LINE_BYTES {
        return Err(format!("it has more than {REPORT_LINE_BYTES} bytes"));
    }
    serde_json::from_slice(line).map_err(|error| format!("it is no measurement: {error}"))
}

fn take(host: &RemoteHost, run: u64, lines: &[Bytes], now: u64) -> ReportAnswer {
    let mut answer =
        ReportAnswer { now, run, taken: 0, refused: 0, why: None, watched: host.watched(), probes: None };
    for (index, line) in lines.iter().enumerate() {
        let taken = read(line).and_then(|line| host.take(line, now));
        match taken {
            Ok(()) => answer.taken += 1,
            Err(why) => {
                answer.refused += 1;
                answer.why.get_or_insert_with(|| format!("line {}: {why}", index + 2));
            }
        }
    }
    answer
}
