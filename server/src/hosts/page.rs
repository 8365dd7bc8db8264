//! The document of hosts, and its forms.

use access::Action;
use app::door::{HostsChoice, HostsPage};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use common::door::{
    forms::{BareForm, RowForm},
    paths,
};
use serde::Deserialize;
use store::{HostNumber, NewEnrolment, SecretHash, StoreError, UserId};

use super::{
    api::STATUS,
    list::Hosts,
    rows::{revision, rows},
};
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

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HostsQuery {
    q: String,
    sort: String,
    dir: String,
    group: String,
}

async fn page(
    State(state): State<HostsState>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<HostsQuery>, QueryRejection>,
) -> Response {
    let HostsQuery { q, sort, dir, group } = query.map(|Query(query)| query).unwrap_or_default();
    let choice = HostsChoice::of_query(&q, &sort, &dir, &group);
    show(&state, &caller, &visitor, Shown { choice, ..Shown::default() })
}

/// The part of the page that the request decides.
#[derive(Default)]
struct Shown {
    choice: HostsChoice,
    new_line: Option<String>,
    is_removed: bool,
}

fn show(
    state: &HostsState,
    caller: &Caller,
    visitor: &Visitor,
    Shown { choice, new_line, is_removed }: Shown,
) -> Response {
    let hosts = rows(&state.hosts, caller);
    let page = HostsPage {
        revision: revision(&hosts),
        hosts,
        choice,
        numbers: STATUS,
        now_ms: state.hosts.now_ms(),
        may_manage: caller.may_do(Action::ManageHosts),
        new_line,
        is_removed,
    };
    visitor.answer_with_hosts(StatusCode::OK, app::door::hosts(&visitor.context(), page))
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
            show(&state, &caller, &visitor, Shown { new_line: Some(line), ..Shown::default() })
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
            show(&state, &caller, &visitor, Shown { is_removed: true, ..Shown::default() })
        }
        Err(error) => visitor.store_failed(&error),
    }
}
