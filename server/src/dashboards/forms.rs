//! The forms by which dashboards are made, changed and removed.

use app::door::{DashboardFault, DashboardMode, DashboardView, DashboardsPage};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use common::{
    dashboard::DashboardRow,
    door::{
        dashboard_forms::{CardForm, NewDashboardForm, RenameDashboardForm},
        forms::RowForm,
        paths,
    },
};

use super::{
    arrange,
    content::SavedDashboard,
    error::DashboardError,
    page::{refuse, show, show_list},
    route_state::DashboardsState,
};
use crate::{
    access::Caller,
    accounts::{DoorForm, Visitor},
};

/// The most bytes of a form.
const FORM: usize = 16 << 10;

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new()
        .route(paths::DASHBOARDS_NEW, post(create))
        .route(paths::DASHBOARDS_RENAME, post(rename))
        .route(paths::DASHBOARDS_CARD, post(card))
        .route(paths::DASHBOARDS_REMOVE, post(remove))
        .layer(DefaultBodyLimit::max(FORM))
}

async fn create(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<NewDashboardForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match state.create(&visitor, &form.name, Vec::new()).await {
        Ok(made) => visitor.lead_to(&DashboardView::look(made.entry.id.0).address()),
        Err(error) if error.problem().is_some() => {
            let page =
                DashboardsPage { name: form.name, problem: error.problem(), ..DashboardsPage::default() };
            show_list(&state, &caller, &visitor, error.status(), page).await
        }
        Err(error) => refuse(&state, &caller, &visitor, &error).await,
    }
}

async fn rename(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RenameDashboardForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let renamed = match state.find(form.id).await {
        Ok(saved) => state.change(&visitor, (form.id, form.seen), &form.name, saved.rows).await,
        Err(error) => Err(error),
    };
    answer(&state, &caller, &visitor, form.id, renamed).await
}

async fn card(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<CardForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let changed = change_card(&state, &visitor, &form).await;
    answer(&state, &caller, &visitor, form.id, changed).await
}

async fn change_card(
    state: &DashboardsState,
    visitor: &Visitor,
    form: &CardForm,
) -> Result<SavedDashboard, DashboardError> {
    let SavedDashboard { entry, mut rows } = state.find(form.id).await?;
    // The place of a card is one in the version that the page has shown.
    if entry.version != form.seen {
        return Err(DashboardError::Conflict);
    }
    if !apply(&mut rows, form)? {
        return Err(DashboardFault::NoCard.into());
    }
    state.change(visitor, (form.id, form.seen), &entry.name, rows).await
}

/// Does with a card what the form says. False where there is no such card.
fn apply(rows: &mut Vec<DashboardRow>, form: &CardForm) -> Result<bool, DashboardError> {
    Ok(match form.act.as_str() {
        "earlier" => arrange::earlier(rows, form.card),
        "later" => arrange::later(rows, form.card),
        "remove" => arrange::remove(rows, form.card),
        "title" => {
            let card = arrange::card_mut(rows, form.card);
            card.map(|card| form.title.trim().clone_into(&mut card.title)).is_some()
        }
        _ => return Err(DashboardFault::BadAct.into()),
    })
}

async fn remove(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<RowForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match state.remove(&visitor, form.id).await {
        Ok(()) => {
            let page = DashboardsPage { is_removed: true, ..DashboardsPage::default() };
            show_list(&state, &caller, &visitor, StatusCode::OK, page).await
        }
        Err(error) => refuse(&state, &caller, &visitor, &error).await,
    }
}

/// Leads back to the forms of a dashboard, or tells there why one was refused.
async fn answer(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    id: u64,
    changed: Result<SavedDashboard, DashboardError>,
) -> Response {
    let view = DashboardView { mode: DashboardMode::Edit, ..DashboardView::look(id) };
    match changed {
        Ok(_) => visitor.lead_to(&view.address()),
        Err(error) if error.problem().is_some() => show(state, caller, visitor, view, Some(error)).await,
        Err(error) => refuse(state, caller, visitor, &error).await,
    }
}
