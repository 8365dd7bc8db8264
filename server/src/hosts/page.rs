//! The document of hosts, and its forms.

use std::sync::Arc;

use access::Action;
use app::door::{HostAgent, HostRow, HostsPage, hosts};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use common::{
    door::{
        forms::{BareForm, RowForm},
        paths,
    },
    host::{HostId, HostInfo},
};
use store::{HostNumber, NewEnrolment, SecretHash, StoreError, UserId};

use super::{list::Hosts, readable::ReadableTopics, watched::WatchedHost};
use crate::{
    access::Caller,
    accounts::{DoorForm, DoorState, ENROLMENT_MS, Visitor, make_short_secret},
};

/// The most bytes of a form.
const FORM: usize = 16 << 10;

/// The state of the routes; cheap to clone.
#[derive(Clone)]
pub(super) struct HostsState {
    pub(super) hosts: Hosts,
    pub(super) door: DoorState,
}

impl FromRef<HostsState> for DoorState {
    fn from_ref(state: &HostsState) -> Self {
        state.door.clone()
    }
}

pub(super) fn routes() -> Router<HostsState> {
    Router::new()
        .route(paths::HOSTS, get(page))
        .route(paths::HOSTS_CODE, post(make_code))
        .route(paths::HOSTS_REMOVE, post(remove))
        .layer(DefaultBodyLimit::max(FORM))
}

async fn page(State(state): State<HostsState>, caller: Caller, visitor: Visitor) -> Response {
    show(&state, &caller, &visitor, None, false)
}

fn show(
    state: &HostsState,
    caller: &Caller,
    visitor: &Visitor,
    new_line: Option<String>,
    is_removed: bool,
) -> Response {
    let page = HostsPage {
        hosts: rows(&state.hosts, caller),
        may_manage: caller.may_do(Action::ManageHosts),
        new_line,
        is_removed,
    };
    visitor.answer_with_streams(StatusCode::OK, hosts(&visitor.context(), page))
}

/// A row for each host of which the caller may read something.
fn rows(hosts: &Hosts, caller: &Caller) -> Vec<HostRow> {
    let readable =
        |id: &HostId| ReadableTopics::of(id, &|topic| caller.may(Action::ReadTopic, topic).is_ok());
    let local = hosts.all().into_iter().take(1).map(|host| (host, None));
    let remote = hosts.remote().all().into_iter().map(|remote| {
        let state = remote.state();
        let agent = HostAgent {
            number: remote.number().0,
            is_online: remote.is_online(),
            heard_ms: state.heard_ms,
            version: state.version,
            ahead_ms: state.ahead_ms,
        };
        (Arc::clone(&remote.host), Some(agent))
    });
    local
        .chain(remote)
        .filter_map(|(host, agent)| {
            let topics = readable(&host.info().id);
            (!topics.is_empty()).then(|| row(&host, agent, topics))
        })
        .collect()
}

fn row(host: &WatchedHost, agent: Option<HostAgent>, topics: ReadableTopics) -> HostRow {
    let now = host.latest();
    let share = |metric: &str| {
        now.metrics.as_ref().filter(|_| topics.metrics()).and_then(|sample| sample.value(metric))
    };
    let rest = |metric: &str| {
        now.system.as_ref().filter(|_| topics.system()).and_then(|sample| sample.total(metric))
    };
    HostRow {
        info: HostInfo::clone(&host.info()),
        agent,
        shares: ["cpu.total", "memory.percent", "disk.percent"].map(share),
        received: rest("network.received"),
        sent: rest("network.sent"),
        uptime: rest("uptime"),
    }
}

async fn make_code(
    State(state): State<HostsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<BareForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let Ok(code) = make_short_secret() else {
        return visitor.store_failed(&StoreError::Failed("the system has no randomness".to_owned()));
    };
    let now = visitor.accounts.now();
    let new = NewEnrolment {
        secret: SecretHash::of(code.as_bytes()),
        created_by: caller.principal.user.map(UserId),
        created_ms: now,
        expires_ms: now + ENROLMENT_MS,
    };
    match visitor.accounts.store().hosts().create_enrolment(new).await {
        Ok(made) => {
            visitor
                .accounts
                .record(visitor.did("create_enrolment", format!("enrolment:{}", made.id), ""))
                .await;
            let hub = visitor.whole_address("");
            let line = format!("pulseboard agent --hub {} --enrol {code}", hub.trim_end_matches('/'));
            show(&state, &caller, &visitor, Some(line), false)
        }
        Err(error) => visitor.store_failed(&error),
    }
}

async fn remove(
    State(state): State<HostsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let number = HostNumber(form.id);
    match visitor.accounts.store().hosts().remove(number).await {
        // One that is gone already is gone.
        Ok(_) => {
            visitor.accounts.record(visitor.did("remove_host", format!("host:{}", form.id), "")).await;
            state.hosts.remote().forget(number);
            show(&state, &caller, &visitor, None, true)
        }
        Err(error) => visitor.store_failed(&error),
    }
}
