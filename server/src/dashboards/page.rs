//! The documents of dashboards.

use access::Action;
use app::door::{
    DashboardListing, DashboardMode, DashboardPage, DashboardView, DashboardsPage, dashboard, dashboards,
};
use axum::{
    Router,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use common::door::paths;
use store::{DashboardEntry, StoreError};
use transports::gate::ApiRejection;

use super::{error::DashboardError, query, route_state::DashboardsState};
use crate::{access::Caller, accounts::Visitor, history::PastError};

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new()
        .route(paths::DASHBOARDS, get(list))
        .route(paths::DASHBOARDS_WALL, get(first))
        .route(paths::DASHBOARD, get(page))
}

async fn list(State(state): State<DashboardsState>, caller: Caller, visitor: Visitor) -> Response {
    show_list(&state, &caller, &visitor, StatusCode::OK, DashboardsPage::default()).await
}

/// Answers with the list. `page` has all that is no part of it.
pub(super) async fn show_list(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    status: StatusCode,
    page: DashboardsPage,
) -> Response {
    let entries = match state.list_for(caller).await {
        Ok(entries) => entries,
        Err(error) => return visitor.store_failed(&StoreError::Failed(error.to_string())),
    };
    let names = state.writers(&entries).await;
    let listed = |entry: DashboardEntry| DashboardListing {
        id: entry.id.0,
        name: entry.name,
        changed_by: entry.changed_by.and_then(|id| names.get(&id).cloned()),
        changed_ms: entry.changed_ms,
    };
    let all = entries.into_iter().map(listed).collect();
    let may_manage = caller.may_do(Action::ManageDashboards);
    visitor.answer(status, dashboards(&visitor.context(), DashboardsPage { all, may_manage, ..page }))
}

/// Leads to the first dashboard of a wall, or to the page that waits for one.
async fn first(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let mut view = query::read(0, query.as_deref().unwrap_or_default());
    if let DashboardMode::Look | DashboardMode::Edit = view.mode {
        view = query::read(0, "full=1&rotate=30");
    }
    match state.next(&view, &caller).await {
        Ok(next) => visitor.lead_to(&next.unwrap_or(view).address()),
        Err(error) => visitor.store_failed(&StoreError::Failed(error.to_string())),
    }
}

async fn page(
    State(state): State<DashboardsState>,
    id: Result<Path<String>, PathRejection>,
    caller: Caller,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let id = id.ok().and_then(|Path(id)| id.parse().ok()).unwrap_or(0);
    let mut view = query::read(id, query.as_deref().unwrap_or_default());
    // Whoever may not change it looks at it.
    if view.mode == DashboardMode::Edit && !caller.may_do(Action::ManageDashboards) {
        view.mode = DashboardMode::Look;
    }
    show(&state, &caller, &visitor, view, None).await
}

/// Answers with a dashboard, and with why a form was refused.
pub(super) async fn show(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    view: DashboardView,
    refused: Option<DashboardError>,
) -> Response {
    let saved = match state.find_for(view.id, caller).await {
        Ok(saved) => saved,
        Err(error)
            if error.is_of_one() && matches!(view.mode, DashboardMode::Wall { seconds: Some(_), .. }) =>
        {
            return go_on(state, caller, visitor, view).await;
        }
        Err(error) => return refuse(state, caller, visitor, &error).await,
    };
    let shown = match state.shown(view, saved, caller).await {
        Ok(shown) => shown,
        Err(error) => return refuse(state, caller, visitor, &error).await,
    };
    let status = refused.as_ref().map_or(StatusCode::OK, DashboardError::status);
    let shown = DashboardPage { problem: refused.and_then(|error| error.problem()), ..shown };
    match state.drawn(visitor.context(), shown).await {
        Some(html) => visitor.answer_with_dashboard(status, html),
        None => ApiRejection::from(PastError::BrokenOff).into_response(),
    }
}

/// Answers on a wall in the place of a dashboard that was removed, or that cannot be read: with the next one, or with the page that waits for one.
async fn go_on(state: &DashboardsState, caller: &Caller, visitor: &Visitor, view: DashboardView) -> Response {
    let next = match state.next(&view, caller).await {
        Ok(next) => next.unwrap_or_else(|| view.clone()),
        Err(error) => return visitor.store_failed(&StoreError::Failed(error.to_string())),
    };
    if next.id != 0 {
        return visitor.lead_to(&next.address());
    }
    let page = DashboardPage {
        view: next.clone(),
        name: app::door::dashboards_title(&visitor.context()).to_owned(),
        version: 0,
        changed_by: None,
        changed_ms: 0,
        now_ms: state.now(),
        rows: Vec::new(),
        next: Some(next),
        may_manage: false,
        is_off: false,
        problem: None,
    };
    visitor.answer_with_dashboard(StatusCode::OK, dashboard(&visitor.context(), &page))
}

/// Answers with the list and why a dashboard cannot be shown.
pub(super) async fn refuse(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    error: &DashboardError,
) -> Response {
    match error.problem() {
        Some(problem) => {
            let page = DashboardsPage { problem: Some(problem), ..DashboardsPage::default() };
            show_list(state, caller, visitor, error.status(), page).await
        }
        None => visitor.store_failed(&StoreError::Failed(error.to_string())),
    }
}
