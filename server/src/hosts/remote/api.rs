//! Agents over REST: enrolling, reporting, and the list of them.

use access::Action;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    routing::{get, post},
};
use common::{
    frame::ErrorCode,
    host::{HostId, HostInfo},
    host_labels::HostLabels,
    host_status::HostLiveness,
    limit::LimitName,
};
use serde::Serialize;
use store::{NewAudit, NewHost, SecretHash, StoreError};
use transports::gate::ApiRejection;
use utoipa::ToSchema;

use super::{live, registry::RemoteHosts, report};
use crate::{
    access::Caller,
    accounts::AGENT_KEY_PREFIX,
    agent::{
        AgentTransport,
        wire::{ENROL, EnrolRequest, Enrolled, LIVE, REPORT, REPORT_BYTES, ReportAnswer, StoredFacts},
    },
    openapi::operation::{
        ErrorAnswer::{Code, Limit},
        Operation,
        OperationGroup::Hosts as GROUP,
    },
    web::rejections,
};

/// The question of an agent that enrols has at most so many bytes.
const ENROL_BYTES: usize = 16 << 10;
/// An agent's key has so many characters behind its prefix.
const KEY: usize = 64;

pub(in crate::hosts) fn routes() -> Router<RemoteHosts> {
    let enrol = post(enrol).layer(DefaultBodyLimit::max(ENROL_BYTES));
    let report = post(report::report).layer(DefaultBodyLimit::max(REPORT_BYTES));
    // A body that never ends has no limit as a whole.
    let live = get(live::web_socket).post(live::stream).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/api/v1/agents", get(list))
        .route(ENROL, enrol)
        .route(REPORT, report)
        .route(LIVE, live)
}

/// Describes the routes.
pub(in crate::hosts) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/agents", "listAgents", GROUP, "List the agents")
            .answers_list::<AgentStatus>("Every agent of a host that you may read."),
        Operation::post(ENROL, "enrolAgent", GROUP, "Enrol an agent")
            .description("With a code that the page of hosts or `pulseboard host code` shows; it is good once, for ten minutes.")
            .body::<EnrolRequest>(serde_json::json!({
                "code": "3f9c…",
                "key": "pba_…",
                "name": "web-1",
                "info": {"id": "web-1", "hostname": "web-1", "os": null, "kernel": null, "cpu_model": null, "cores": 4, "fast_ms": 1000, "slow_ms": 2000}
            }))
            .answers::<Enrolled>(200, "The host is there; its agent reports with the key.")
            .fails([Code(ErrorCode::NotFound), Code(ErrorCode::StoreUnavailable)]),
        Operation::post(REPORT, "report", GROUP, "Report a host's numbers")
            .description("NDJSON: the head, and a line for each measurement. For agents, which send their key as a bearer token.")
            .answers::<ReportAnswer>(200, "The lines are taken, but for those that are refused.")
            .fails([Code(ErrorCode::BadRequest), Code(ErrorCode::StoreUnavailable), Limit(LimitName::BodyBytes)]),
        Operation::post(LIVE, "reportLive", GROUP, "Report a host's numbers for as long as you are connected")
            .description(
                "NDJSON without an end: reports as those to `/api/v1/agents/report`, each with an empty line behind it. The answer \
                 begins at once, and has a line for each report: `{\"answer\": …}` with what that address answers, or \
                 `{\"error\": …}`. With GET the same goes over a WebSocket, a message each.",
            )
            .answers_text(200, "application/x-ndjson", "A line for each report.")
            .fails([Code(ErrorCode::BadRequest)]),
    ]
}

/// An agent, and the host that it reports for.
#[derive(Debug, Serialize, ToSchema)]
struct AgentStatus {
    /// The facts of the host.
    info: HostInfo,
    /// The host's labels, as its agent was given them.
    labels: HostLabels,
    /// True if it was heard in the last ten seconds, by the server's clock.
    online: bool,
    /// When it was heard last, by the server's clock, milliseconds since 1970; null where it never was.
    heard_ms: Option<u64>,
    /// Its version; null where it was not heard since the server started.
    version: Option<String>,
    /// The transport of its last report; null where it was not heard since the server started.
    transport: Option<AgentTransport>,
    /// Its clock is ahead of the server's by this much, milliseconds.
    ahead_ms: i64,
}

/// Why an agent is not enrolled.
#[derive(Debug, thiserror::Error)]
enum EnrolError {
    /// The key is none. 400 `bad_request`.
    #[error("an agent's key is `pba_` and {KEY} hexadecimal digits")]
    Key,
    /// The name is no host's, or the server's own. 400 `bad_request`.
    #[error("{0:?} cannot name the host: 1 to 64 of a-z, 0-9, '_', '.' and '-', and not `local`")]
    Name(String),
    /// The code is not open. 404 `not_found`.
    #[error("this code is not good: it was used, is older than ten minutes, or never was")]
    Code,
    /// The name is taken. 400 `bad_request`.
    #[error("there is a host {0} already: choose another name with --name, or remove that one")]
    Taken(HostId),
    /// The store does not answer, or refuses. 503 `store_unavailable`, 400 `bad_request`.
    #[error(transparent)]
    Store(StoreError),
}

impl From<EnrolError> for ApiRejection {
    fn from(error: EnrolError) -> Self {
        let code = match &error {
            EnrolError::Key
            | EnrolError::Name(_)
            | EnrolError::Taken(_)
            | EnrolError::Store(StoreError::Invalid { .. }) => ErrorCode::BadRequest,
            EnrolError::Code => ErrorCode::NotFound,
            EnrolError::Store(_) => ErrorCode::StoreUnavailable,
        };
        Self::new(code, error.to_string())
    }
}

async fn list(State(hosts): State<RemoteHosts>, caller: Caller) -> Json<Vec<AgentStatus>> {
    let may_read = |id: &HostId| caller.may(Action::ReadTopic, &id.metrics_topic()).is_ok();
    let agents = hosts.all().into_iter().filter_map(|host| {
        let info = host.host.info();
        let state = host.state();
        may_read(&info.id).then(|| AgentStatus {
            info: HostInfo::clone(&info),
            labels: HostLabels::clone(&host.labels()),
            online: host.liveness() == HostLiveness::Online,
            heard_ms: state.heard_ms,
            version: state.version,
            transport: state.transport,
            ahead_ms: state.ahead_ms,
        })
    });
    Json(agents.collect())
}

async fn enrol(
    State(hosts): State<RemoteHosts>,
    body: Result<Json<EnrolRequest>, JsonRejection>,
) -> Result<Json<Enrolled>, ApiRejection> {
    let Json(asked) = body.map_err(|error| rejections::body(&error, ENROL_BYTES))?;
    let is_key = asked
        .key
        .strip_prefix(AGENT_KEY_PREFIX)
        .is_some_and(|key| key.len() == KEY && key.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_key {
        return Err(EnrolError::Key.into());
    }
    let id: HostId = match asked.name.parse() {
        Ok(id) if id != HostId::local() => id,
        _ => return Err(EnrolError::Name(asked.name.chars().take(80).collect()).into()),
    };
    let now = hosts.clock().unix_millis();
    let facts = StoredFacts { info: HostInfo { id: id.clone(), ..asked.info }, labels: asked.labels };
    let facts = serde_json::to_string(&facts).unwrap_or_default();
    let new = NewHost {
        name: id.as_str().to_owned(),
        secret: SecretHash::of(asked.key.as_bytes()),
        facts,
        enrolled_ms: now,
    };
    let store = hosts.accounts.store();
    match store.hosts().enrol(SecretHash::of(asked.code.as_bytes()), new).await {
        Ok(Some(row)) => {
            let entry = NewAudit {
                at_ms: now,
                actor: format!("agent of host:{id}"),
                action: "enrol_host".to_owned(),
                object: format!("host:{id}"),
                detail: String::new(),
                address: String::new(),
            };
            hosts.accounts.record(entry).await;
            hosts.enter(&row);
            Ok(Json(Enrolled { id }))
        }
        Ok(None) => Err(EnrolError::Code.into()),
        Err(StoreError::NameTaken) => Err(EnrolError::Taken(id).into()),
        Err(error) => Err(EnrolError::Store(error).into()),
    }
}
