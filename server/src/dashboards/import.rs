//! The form that makes a dashboard of its export, a file or a text.

use app::door::{DashboardView, DashboardsPage};
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
    limit::LimitName,
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

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new().route(paths::DASHBOARDS_IMPORT, post(import)).layer(DefaultBodyLimit::max(BODY))
}

async fn import(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match read(&headers, body) {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match make(&state, &visitor, &form).await {
        Ok(made) => visitor.lead_to(&DashboardView::look(made.entry.id.0).address()),
        Err(error) if error.problem().is_some() => {
            let ImportDashboardForm { json, name, .. } = form;
            let page = DashboardsPage {
                import: (json, name),
                is_import: true,
                problem: error.problem(),
                ..DashboardsPage::default()
            };
            show_list(&state, &caller, &visitor, error.status(), page).await
        }
        Err(error) => refuse(&state, &caller, &visitor, &error).await,
    }
}

fn read(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<ImportDashboardForm, ApiRejection> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let message = "the import is sent as multipart/form-data";
        return Err(ApiRejection::exact(ExactStatus::UnsupportedMediaType, message));
    }
    let body = body.map_err(|error| {
        let message = error.body_text();
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiRejection::limit_reached(LimitName::BodyBytes, BODY, message),
            _ => ApiRejection::new(ErrorCode::BadRequest, message),
        }
    })?;
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
    Ok(form)
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
        return Err(DashboardError::Invalid("Choose a file, or paste its text.".to_owned()));
    }
    let read: DashboardRequest = serde_json::from_str(text).map_err(|error| {
        let reason: String = error.to_string().chars().take(300).collect();
        DashboardError::Invalid(format!("This is no export of a dashboard: {reason}."))
    })?;
    let name = if form.name.trim().is_empty() { &read.name } else { &form.name };
    state.create(visitor, name, read.rows).await
}
