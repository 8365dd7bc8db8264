//! The document of targets, and its forms.

use access::Action;
use app::door::{FormProblem, SourceDone, TargetAnswer, TargetRow, TargetsPage, targets as document};
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use common::door::{
    forms::RowForm,
    paths,
    source_forms::{SwitchForm, TargetForm},
};
use serde::Deserialize;
use store::StoreError;

use super::{
    Targets, form,
    route_state::TargetsState,
    running::{LastScrape, RunningTarget},
};
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

pub(in crate::sources) fn routes() -> Router<TargetsState> {
    Router::new()
        .route(paths::TARGETS, get(page))
        .route(paths::TARGETS_SAVE, post(save))
        .route(paths::TARGETS_PAUSE, post(pause))
        .route(paths::TARGETS_REMOVE, post(remove))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TargetsQuery {
    edit: String,
}

async fn page(
    State(state): State<TargetsState>,
    caller: Caller,
    visitor: Visitor,
    query: Result<Query<TargetsQuery>, QueryRejection>,
) -> Response {
    let edit = query.map(|Query(query)| query.edit).unwrap_or_default();
    let found = edit.parse().ok().and_then(|id| state.targets.find(id));
    let draft = found.and_then(|one| Some(form::write(one.row(), one.spec.as_ref()?)));
    show(&state, &caller, &visitor, draft, None, None)
}

fn show(
    state: &TargetsState,
    caller: &Caller,
    visitor: &Visitor,
    draft: Option<TargetForm>,
    problem: Option<FormProblem>,
    done: Option<SourceDone>,
) -> Response {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = TargetsPage {
        targets: state.targets.all().into_iter().map(|one| row(&one, caller)).collect(),
        may_manage: caller.may_do(Action::ManageSources),
        draft: draft.unwrap_or_else(form::empty),
        problem,
        done,
    };
    visitor.answer_with_streams(status, document(&visitor.context(), page))
}

fn row(one: &RunningTarget, caller: &Caller) -> TargetRow {
    let row = one.row();
    let answer = |last: LastScrape| TargetAnswer {
        at_ms: last.at_ms,
        took_ms: last.took.as_secs_f64() * 1_000.0,
        series: last.series,
        bytes: last.bytes,
        faults: last.faults,
        error: last.error,
    };
    TargetRow {
        id: row.id.0,
        name: row.name.clone(),
        url: one.spec.as_ref().map(|spec| shown_address(&spec.url, caller)).unwrap_or_default(),
        interval_ms: row.interval_ms,
        is_paused: row.is_paused,
        answer: one.last().map(answer),
    }
}

async fn save(
    State(state): State<TargetsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<TargetForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match keep(&state.targets, &caller, &visitor, &form).await {
        Ok(()) => show(&state, &caller, &visitor, None, None, Some(SourceDone::Saved)),
        Err(error) => match problem_of(&error) {
            Some(problem) => {
                // Whoever comes second sees what the first one has made of it.
                let now = state.targets.find(form.id.parse().unwrap_or(0));
                let now = now.and_then(|one| Some(form::write(one.row(), one.spec.as_ref()?)));
                let draft = now.filter(|_| problem == FormProblem::ChangedMeanwhile).unwrap_or(form);
                show(&state, &caller, &visitor, Some(draft), Some(problem), None)
            }
            None => visitor.store_failed(&StoreError::Failed(error.to_string())),
        },
    }
}

async fn keep(
    targets: &Targets,
    caller: &Caller,
    visitor: &Visitor,
    form: &TargetForm,
) -> Result<(), SourceChangeError> {
    if form.id.is_empty() {
        return changes::create(targets, caller, visitor, form::read(form, None)?).await.map(drop);
    }
    let unknown = || SourceChangeError::Unknown(form.id.chars().take(40).collect());
    let id: u64 = form.id.parse().map_err(|_| unknown())?;
    let row = targets.find(id).map(|one| one.row().clone()).ok_or_else(unknown)?;
    // One that is paused stays so.
    let wanted = WantedSource { is_paused: row.is_paused, ..form::read(form, Some(&row.spec))? };
    changes::change(targets, visitor, id, wanted, form.seen.parse().ok()).await
}

async fn pause(
    State(state): State<TargetsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<SwitchForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let Some(row) = state.targets.find(form.id).map(|one| one.row().clone()) else {
        return show(&state, &caller, &visitor, None, Some(FormProblem::Gone), None);
    };
    let wanted = WantedSource { is_paused: form.to == "off", ..WantedSource::of(&row) };
    let changed = changes::change(&state.targets, &visitor, form.id, wanted, Some(row.changed_ms)).await;
    answer(&state, &caller, &visitor, changed, SourceDone::Saved)
}

async fn remove(
    State(state): State<TargetsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let removed = changes::remove(&state.targets, &visitor, form.id).await;
    answer(&state, &caller, &visitor, removed, SourceDone::Removed)
}

fn answer(
    state: &TargetsState,
    caller: &Caller,
    visitor: &Visitor,
    result: Result<(), SourceChangeError>,
    done: SourceDone,
) -> Response {
    match result {
        Ok(()) => show(state, caller, visitor, None, None, Some(done)),
        Err(error) => match problem_of(&error) {
            Some(problem) => show(state, caller, visitor, None, Some(problem), None),
            None => visitor.store_failed(&StoreError::Failed(error.to_string())),
        },
    }
}
