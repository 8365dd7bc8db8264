//! The form that makes a dashboard of its export, a file or a text.

use app::door::{DashboardFault, DashboardView, DashboardsPage};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use common::{
    door::{dashboard_forms::ImportDashboardForm, paths},
    frame::ErrorCode,
    status::ExactStatus,
};
use transports::gate::ApiRejection;

use super::{
    api::{BODY, DashboardRequest},
    content::SavedDashboard,
    error::DashboardError,
    multipart,
    page::{refuse, show_list},
    route_state::DashboardsState,
};
use crate::{access::Caller, accounts::Visitor};

/// The most bytes that are read of a form. One that is longer than [`BODY`] is answered with the form and a sentence, and a browser takes no
/// answer before all was read.
const READ: usize = 1 << 20;

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new().route(paths::DASHBOARDS_IMPORT, post(import)).layer(DefaultBodyLimit::max(READ))
}

async fn import(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match read(&headers, body) {
        Ok(Some(form)) => form,
        Ok(None) => {
            let error = DashboardFault::LongImport { most: BODY >> 10 }.into();
            return again(&state, &caller, &visitor, ImportDashboardForm::default(), &error).await;
        }
        Err(rejection) => return rejection.into_response(),
    };
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match make(&state, &visitor, &form).await {
        Ok(made) => visitor.lead_to(&DashboardView::look(made.entry.id.0).address()),
        Err(error) if error.problem().is_some() => again(&state, &caller, &visitor, form, &error).await,
        Err(error) => refuse(&state, &caller, &visitor, &error).await,
    }
}

/// Answers with the form, and why it was refused.
async fn again(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    form: ImportDashboardForm,
    error: &DashboardError,
) -> Response {
    let page = DashboardsPage {
        import: (form.json, form.name),
        is_import: true,
        problem: error.problem(),
        ..DashboardsPage::default()
    };
    show_list(state, caller, visitor, error.status(), page).await
}

/// Reads the form; none where it is too long.
fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Option<ImportDashboardForm>, ApiRejection> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let message = "the import is sent as multipart/form-data";
        return Err(ApiRejection::exact(ExactStatus::UnsupportedMediaType, message));
    }
    let body = match body {
        Ok(body) if body.len() > BODY => return Ok(None),
        Ok(body) => body,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Ok(None),
        Err(error) => return Err(ApiRejection::new(ErrorCode::BadRequest, error.body_text())),
    };
    let fields = multipart::fields(kind, &body)
        .ok_or_else(|| ApiRejection::new(ErrorCode::BadRequest, "the body is no form"))?;
    let mut form = ImportDashboardForm::default();
    for (name, value) in fields {
        let text = || String::from_utf8_lossy(value).into_owned();
        match name.as_str() {
            "csrf" => form.csrf = text(),
            "file" => form.file = text(),
            "json" => form.json = text(),
            "name" => form.name = text(),
            _ => {}
        }
    }
    Ok(Some(form))
}

async fn make(
    state: &DashboardsState,
    visitor: &Visitor,
    form: &ImportDashboardForm,
) -> Result<SavedDashboard, DashboardError> {
    let text = if form.file.is_empty() { &form.json } else { &form.file };
    // Editors of Windows begin files with a mark.
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(DashboardFault::NoImport.into());
    }
    let read: DashboardRequest = serde_json::from_str(text).map_err(|error| {
        let reason: String = error.to_string().chars().take(300).collect();
        DashboardFault::BadImport { reason }
    })?;
    let name = if form.name.trim().is_empty() { &read.name } else { &form.name };
    state.create(visitor, name, read.rows).await
}
