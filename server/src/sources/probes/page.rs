//! The document of probes, and its forms.

use access::Action;
use app::door::{FormProblem, ProbeRow, ProbesPage, SourceDone, probes as document};
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use common::{
    door::{
        forms::RowForm,
        paths,
        source_forms::{ProbeForm, SwitchForm},
    },
    uptime::ProbeUptime,
};
use serde::Deserialize;
use store::StoreError;

use super::{Probes, api::may_read, form, route_state::ProbesState, uptime};
use crate::{
    access::Caller,
    accounts::{DoorForm, Visitor},
    sources::{
        changes::{self, WantedSource},
        error::SourceChangeError,
        outcome::{problem_of, shown_address},
        stored::RunningSource,
    },
};

pub(in crate::sources) fn routes() -> Router<ProbesState> {
    Router::new()
        .route(paths::PROBES, get(page))
        .route(paths::PROBES_SAVE, post(save))
        .route(paths::PROBES_PAUSE, post(pause))
        .route(paths::PROBES_REMOVE, post(remove))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProbesQuery {
    edit: String,
    days: String,
}

async fn page(
    State(state): State<ProbesState>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<ProbesQuery>, QueryRejection>,
) -> Response {
    let ProbesQuery { edit, days } = query.map(|Query(query)| query).unwrap_or_default();
    let found = edit.parse().ok().and_then(|id| state.probes.find(id));
    let draft = found.and_then(|one| Some(form::write(one.row(), one.spec.as_ref()?)));
    let page = ProbesPage { days: days.parse().ok(), ..listed(&state.probes, &caller, draft).await };
    visitor.answer_with_streams(StatusCode::OK, document(&visitor.context(), page))
}

async fn show(
    state: &ProbesState,
    caller: &Caller,
    visitor: &Visitor,
    draft: Option<ProbeForm>,
    problem: Option<FormProblem>,
    done: Option<SourceDone>,
) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ProbesPage { problem, done, ..listed(&state.probes, caller, draft).await };
    visitor.answer_with_streams(status, document(&visitor.context(), page))
}

/// The page, before anything was done.
async fn listed(probes: &Probes, caller: &Caller, draft: Option<ProbeForm>) -> ProbesPage {
    let may_manage = caller.may_do(Action::ManageSources);
    ProbesPage {
        probes: rows(probes, caller).await,
        may_manage,
        days: None,
        hosts: if may_manage { hosts(probes).await } else { Vec::new() },
        draft: draft.unwrap_or_else(form::empty),
        problem: None,
        done: None,
    }
}

/// The names of the hosts whose agents may ask.
async fn hosts(probes: &Probes) -> Vec<String> {
    // Without the store the form has the server's own alone, and the list is there.
    let hosts = probes.context().store().hosts().all().await.unwrap_or_default();
    let mut names: Vec<String> = hosts.into_iter().map(|host| host.name).collect();
    names.sort_unstable();
    names
}

async fn rows(probes: &Probes, caller: &Caller) -> Vec<ProbeRow> {
    let mut readable = probes.all();
    readable.retain(|one| may_read(caller, one.row().id.0));
    let asked: Vec<_> = readable.iter().map(|one| (one.row(), &one.uptime)).collect();
    let uptimes = uptime::of_all(probes.context(), &asked).await;
    let row = |(one, uptime): (&std::sync::Arc<super::RunningProbe>, Option<ProbeUptime>)| {
        let (row, memory) = (one.row(), one.memory());
        let parent = row.parent.and_then(|parent| probes.find(parent.0));
        ProbeRow {
            id: row.id.0,
            name: row.name.clone(),
            from: row.host.clone(),
            kind: one.spec.as_ref().map_or("", form::kind_of),
            target: one
                .spec
                .as_ref()
                .map(|spec| shown_address(&form::target_of(spec), caller))
                .unwrap_or_default(),
            interval_ms: row.interval_ms,
            parent: parent.map(|parent| parent.row().name.clone()),
            state: memory.shown(),
            marks: memory.marks.into(),
            uptime,
        }
    };
    readable.iter().zip(uptimes).map(row).collect()
}

async fn save(
    State(state): State<ProbesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<ProbeForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let before = form.id.parse().ok().and_then(|id| state.probes.find(id));
    let read = form::read(&form, before.as_ref().and_then(|one| one.spec.as_ref()));
    let saved = match read.and_then(form::WantedProbe::wanted) {
        Ok(wanted) => keep(&state.probes, &caller, &visitor, &form, wanted).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => show(&state, &caller, &visitor, None, None, Some(SourceDone::Saved)).await,
        Err(error) => match problem_of(&error) {
            Some(problem) => {
                // Whoever comes second sees what the first one has made of it.
                let now = state.probes.find(form.id.parse().unwrap_or(0));
                let now = now.and_then(|one| Some(form::write(one.row(), one.spec.as_ref()?)));
                let draft = now.filter(|_| problem == FormProblem::ChangedMeanwhile).unwrap_or(form);
                show(&state, &caller, &visitor, Some(draft), Some(problem), None).await
            }
            None => visitor.store_failed(&StoreError::Failed(error.to_string())),
        },
    }
}

async fn keep(
    probes: &Probes,
    caller: &Caller,
    visitor: &Visitor,
    form: &ProbeForm,
    wanted: WantedSource,
) -> Result<(), SourceChangeError> {
    if form.id.is_empty() {
        return changes::create(probes, caller, visitor, wanted).await.map(drop);
    }
    let id = form.id.parse().map_err(|_| SourceChangeError::Unknown(form.id.chars().take(40).collect()))?;
    // One that is paused stays so.
    let is_paused = probes.find(id).is_some_and(|one| one.row().is_paused);
    changes::change(probes, visitor, id, WantedSource { is_paused, ..wanted }, form.seen.parse().ok()).await
}

async fn pause(
    State(state): State<ProbesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<SwitchForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let Some(row) = state.probes.find(form.id).map(|one| one.row().clone()) else {
        return show(&state, &caller, &visitor, None, Some(FormProblem::Gone), None).await;
    };
    let wanted = WantedSource { is_paused: form.to == "off", ..WantedSource::of(&row) };
    let changed = changes::change(&state.probes, &visitor, form.id, wanted, Some(row.changed_ms)).await;
    answer(&state, &caller, &visitor, changed, SourceDone::Saved).await
}

async fn remove(
    State(state): State<ProbesState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let removed = changes::remove(&state.probes, &visitor, form.id).await;
    answer(&state, &caller, &visitor, removed, SourceDone::Removed).await
}

async fn answer(
    state: &ProbesState,
    caller: &Caller,
    visitor: &Visitor,
    result: Result<(), SourceChangeError>,
    done: SourceDone,
) -> Response {
    match result {
        Ok(()) => show(state, caller, visitor, None, None, Some(done)).await,
        Err(error) => match problem_of(&error) {
            Some(problem) => show(state, caller, visitor, None, Some(problem), None).await,
            None => visitor.store_failed(&StoreError::Failed(error.to_string())),
        },
    }
}
