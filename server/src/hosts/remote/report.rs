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
use fanout::PublishError;
use store::StoreError;
use transports::gate::ApiRejection;

use super::{
    host::{OrderedLine, RemoteHost},
    registry::RemoteHosts,
};
use crate::{
    access::Caller,
    agent::{
        AgentTransport,
        wire::{
            ContainersKnown, REPORT_BYTES, REPORT_LINE_BYTES, REPORT_LINES, ReportAnswer, ReportCheck,
            ReportHead, ReportLine,
        },
    },
    containers::LineError,
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
    /// The log takes no news of containers now. 503 `store_unavailable`.
    #[error("news of containers cannot be told now: {0}; send them again")]
    Log(PublishError),
    /// The server stops. 500 `internal`.
    #[error("the report was broken off")]
    BrokenOff,
}

impl From<BadReport> for ApiRejection {
    fn from(error: BadReport) -> Self {
        let code = match error {
            BadReport::Host(_) | BadReport::Full | BadReport::Log(_) => ErrorCode::StoreUnavailable,
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
                containers: None,
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
    let taking = Arc::clone(&host);
    let taken = tokio::task::spawn_blocking(move || {
        let taken = take(&taking, run, &lines, now);
        (!taking.host.cannot_keep()).then_some(taken)
    });
    let taken = taken.await.map_err(|_| BadReport::BrokenOff)?;
    let (mut answer, mut ordered) = taken.ok_or(BadReport::Full)?;
    ordered.sort_by_key(|(_, line)| line.is_usage());
    let in_order = host.containers.order().await;
    for (index, line) in ordered {
        let taken = match line {
            OrderedLine::List(part) => host.containers.take_list(*part, now).await,
            OrderedLine::News(news) => host.containers.take_news(*news, now).await,
            OrderedLine::Usage(usage) => host.containers.take_usage(usage, now, head.now),
            OrderedLine::Past(usage) => host.containers.take_past(usage, now),
        };
        match taken {
            Ok(()) => answer.taken += 1,
            Err(LineError::Invalid(why)) => answer.refuse(index, &why),
            Err(LineError::Later(error)) => return Err(BadReport::Log(error).into()),
        }
    }
    host.containers.set_heard(true, Some(now)).await;
    drop(in_order);
    let is_listed = host.containers.is_listed();
    answer.containers = Some(if is_listed { ContainersKnown::Listed } else { ContainersKnown::Unlisted });
    Ok(ReportAnswer { probes: probes.map(Arc::unwrap_or_clone), ..answer })
}

fn read(line: &[u8]) -> Result<ReportLine, String> {
    if line.len() > REPORT_LINE_BYTES {
        return Err(format!("it has more than {REPORT_LINE_BYTES} bytes"));
    }
    serde_json::from_slice(line).map_err(|error| format!("it is no measurement: {error}"))
}

/// Takes what needs no order. Returns the rest, each line with its place.
fn take(host: &RemoteHost, run: u64, lines: &[Bytes], now: u64) -> (ReportAnswer, Vec<(usize, OrderedLine)>) {
    let watched = host.watched();
    let mut answer =
        ReportAnswer { now, run, taken: 0, refused: 0, why: None, watched, probes: None, containers: None };
    let mut ordered = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match read(line).and_then(|line| host.take(line, now)) {
            Ok(None) => answer.taken += 1,
            Ok(Some(line)) => ordered.push((index, line)),
            Err(why) => answer.refuse(index, &why),
        }
    }
    (answer, ordered)
}

impl ReportAnswer {
    /// Counts a line that is not taken, behind the head and so many others.
    fn refuse(&mut self, index: usize, why: &str) {
        self.refused += 1;
        self.why.get_or_insert_with(|| format!("line {}: {why}", index + 2));
    }
}
