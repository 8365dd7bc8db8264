//! Views of Explore that become cards.

use app::door::{DashboardFault, DashboardView, ExploreSaving, ExploreView, HISTORY_SPANS, explore};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::post,
};
use common::{
    dashboard::{CardComparison, CardSpan, DashboardCard},
    door::{dashboard_forms::SaveViewForm, paths},
};
use transports::gate::ApiRejection;

use super::{
    arrange, content::SavedDashboard, error::DashboardError, page::refuse, route_state::DashboardsState,
};
use crate::{
    access::Caller,
    accounts::{DoorForm, Visitor},
    history::read_view,
};

/// The most bytes of the form: a view of many series with long labels.
const FORM: usize = 64 << 10;
/// A card is added again so often where someone else changes the dashboard at the same time.
const TRIES: usize = 5;

pub(super) fn routes() -> Router<DashboardsState> {
    Router::new().route(paths::DASHBOARDS_SAVE, post(save)).layer(DefaultBodyLimit::max(FORM))
}

async fn save(
    State(state): State<DashboardsState>,
    caller: Caller,
    visitor: Visitor,
    DoorForm(form): DoorForm<SaveViewForm>,
) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    match keep(&state, &visitor, &form).await {
        Ok(saved) => visitor.lead_to(&DashboardView::look(saved.entry.id.0).address()),
        Err(error) if error.problem().is_some() => again(&state, &caller, &visitor, form, &error).await,
        Err(error) => refuse(&state, &caller, &visitor, &error).await,
    }
}

async fn keep(
    state: &DashboardsState,
    visitor: &Visitor,
    form: &SaveViewForm,
) -> Result<SavedDashboard, DashboardError> {
    let view = read_view(&form.view, state.now()).map_err(DashboardFault::View)?;
    let card = card(&view, form.title.trim());
    if form.board.is_empty() {
        let mut rows = Vec::new();
        arrange::add(&mut rows, card);
        return state.create(visitor, &form.name, rows).await;
    }
    let unknown = || DashboardError::Unknown(form.board.chars().take(40).collect());
    let id = form.board.parse().map_err(|_| unknown())?;
    for _ in 1..TRIES {
        match add(state, visitor, id, card.clone()).await {
            Err(DashboardError::Conflict) => {}
            answer => return answer,
        }
    }
    add(state, visitor, id, card).await
}

async fn add(
    state: &DashboardsState,
    visitor: &Visitor,
    id: u64,
    card: DashboardCard,
) -> Result<SavedDashboard, DashboardError> {
    let SavedDashboard { entry, mut rows } = state.find(id).await?;
    arrange::add(&mut rows, card);
    state.change(visitor, (id, entry.version), &entry.name, rows).await
}

/// The card of a view. A time that has ended becomes the nearest length up to now.
fn card(view: &ExploreView, title: &str) -> DashboardCard {
    let length = view.range.to - view.range.from;
    let nearest = HISTORY_SPANS.into_iter().min_by_key(|span| span.length.abs_diff(length));
    let name = view.range.live.or(nearest).map_or("1h", |span| span.name);
    DashboardCard {
        title: title.to_owned(),
        series: view.series.clone(),
        span: CardSpan::ALL.into_iter().find(|span| span.as_str() == name).unwrap_or_default(),
        aggregate: view.aggregate,
        compare: view.comparison.map(|comparison| match comparison {
            app::door::ExploreComparison::Day => CardComparison::Day,
            app::door::ExploreComparison::Week => CardComparison::Week,
        }),
        stack: view.is_stacked,
        hidden_series: 0,
    }
}

/// Answers with Explore as it was, and why the form was refused.
async fn again(
    state: &DashboardsState,
    caller: &Caller,
    visitor: &Visitor,
    form: SaveViewForm,
    error: &DashboardError,
) -> Response {
    let mut page = match state.past.explored(&form.view, caller).await {
        Ok(page) => page,
        Err(error) => return ApiRejection::from(error).into_response(),
    };
    let SaveViewForm { board, name, title, .. } = form;
    page.saving = state.past.saving(caller).await.map(|saving| ExploreSaving {
        board: board.parse().ok(),
        name,
        title,
        problem: error.problem(),
        ..saving
    });
    visitor.answer_with_explorer(error.status(), explore(&visitor.context(), page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_all_of_a_view_but_its_moment() {
        let query = "series=local:cpu.total&series=web-1:x:C%253A&span=6h&aggregate=max&stack=1&compare=week&zone=540";
        let saved = card(&read_view(query, 1_800_000_000_000).expect("a view"), "Processors");
        assert_eq!(saved.series.len(), 2);
        assert_eq!(
            (saved.span.as_str(), saved.stack, saved.compare),
            ("6h", true, Some(CardComparison::Week))
        );
        assert_eq!(saved.aggregate.as_str(), "max");
        for (query, span) in
            [("from=0&to=7200000", "1h"), ("from=0&to=86400000", "24h"), ("from=0&to=60000", "15m")]
        {
            let view = read_view(&format!("series=local:x&{query}"), 9).expect("a view");
            assert_eq!(card(&view, "").span.as_str(), span, "{query}");
        }
    }
}
