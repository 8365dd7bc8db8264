//! The document Explore, and its charts as a picture.

use access::Action;
use app::door::{ExplorePage, ExploreSaving, explore, explore_svg};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use common::door::paths;
use transports::gate::ApiRejection;

use super::{api::PastState, csv, error::PastError, explore_query::ExploreQuery, overlay::OverlayParts};
use crate::{access::Caller, accounts::Visitor, web::headers};

pub(super) fn routes() -> Router<PastState> {
    Router::new()
        .route(paths::EXPLORE, get(page))
        .route(paths::EXPLORE_SVG, get(picture))
        .route(paths::RANGE_CSV, get(csv::csv))
}

async fn page(
    State(state): State<PastState>,
    caller: Caller,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiRejection> {
    let mut page = state.explored(query.as_deref().unwrap_or_default(), &caller).await?;
    let is_searched = page.view.find.is_some() || page.view.series.is_empty();
    page.saving = state.saving(&caller).await;
    page.found = (is_searched && !page.is_off).then(|| state.found(&page.view, &caller));
    let status = match &page.problem {
        None => StatusCode::OK,
        Some(problem) if problem.is_absence() => StatusCode::NOT_FOUND,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    Ok(visitor.answer_with_explorer(status, explore(&visitor.context(), page)))
}

async fn picture(
    State(state): State<PastState>,
    caller: Caller,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiRejection> {
    let page = state.explored(query.as_deref().unwrap_or_default(), &caller).await?;
    if page.is_off {
        return Err(PastError::Off.into());
    }
    if let Some(problem) = page.problem {
        return Err(PastError::View(problem).into());
    }
    let name = csv::file_time(page.view.range.from, page.view.zone);
    let head = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"pulseboard-{name}.svg\"")),
        (header::CONTENT_SECURITY_POLICY, headers::PICTURE.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, explore_svg(&visitor.context(), &page)).into_response())
}

impl PastState {
    /// The form that saves a view, for whoever may. A store that does not answer costs the form alone.
    pub(crate) async fn saving(&self, caller: &Caller) -> Option<ExploreSaving> {
        if !caller.may_do(Action::ManageDashboards) {
            return None;
        }
        let all = self.door.accounts.store().dashboards().list().await.ok()?;
        let boards: Vec<_> = all.into_iter().map(|one| (one.id.0, one.name)).collect();
        let board = boards.first().map(|(id, _)| *id);
        Some(ExploreSaving { boards, board, ..ExploreSaving::default() })
    }

    /// Reads a query and looks its series up. Those that are not there are left out, and the first of them is told.
    pub(crate) async fn explored(&self, query: &str, caller: &Caller) -> Result<ExplorePage, PastError> {
        let now = u64::try_from(self.now()).unwrap_or(0);
        let ExploreQuery { mut view, step, mut problem, .. } = ExploreQuery::read(query, now);
        // A chart is no wider; more is for the table.
        let step = step.max((view.range.to - view.range.from) / 2_000);
        let is_off = self.history.folder().is_none();
        let mut series = Vec::new();
        if !is_off {
            view.series.retain(|one| {
                let answer = self.check_open(one, caller);
                if problem.is_none() {
                    problem = answer.clone().err();
                }
                answer.is_ok()
            });
            series = match self.overlay(&view, step, OverlayParts::Whole).await {
                Err(PastError::View(told)) => {
                    problem = problem.or(Some(told));
                    Vec::new()
                }
                answer => answer?,
            };
        }
        Ok(ExplorePage { view, problem, is_off, step, series, found: None, saving: None })
    }
}
