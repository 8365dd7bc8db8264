//! A dashboard with the numbers of its cards, as its page shows it.

use std::sync::Arc;

use access::Action;
use app::door::{
    DashboardCardView, DashboardMode, DashboardPage, DashboardView, DoorContext, ExploreComparison,
    ExploreView, HISTORY_SPANS, HistorySpan, dashboard,
};
use common::dashboard::{CardComparison, CardSpan, DashboardCard};

use super::{content::SavedDashboard, error::DashboardError, rotation, route_state::DashboardsState};
use crate::{
    access::Caller,
    history::{may_read_address, usual_step},
};

/// A chart of a card has half as many steps as one of Explore.
const SHARE: i64 = 2;

impl DashboardsState {
    /// The page of a dashboard.
    pub(super) async fn shown(
        &self,
        view: DashboardView,
        saved: SavedDashboard,
        caller: &Caller,
    ) -> Result<DashboardPage, DashboardError> {
        let now_ms = self.now();
        let has_numbers = view.mode != DashboardMode::Edit && !self.past.is_off();
        let mut rows = Vec::new();
        for row in &saved.rows {
            let mut cards = Vec::new();
            for card in &row.cards {
                cards.push(self.card(&view, card, (now_ms, has_numbers), caller).await);
            }
            rows.push(cards);
        }
        Ok(DashboardPage {
            next: self.next(&view, caller).await?,
            name: saved.entry.name,
            version: saved.entry.version,
            changed_by: self.user_name(saved.entry.changed_by).await,
            changed_ms: saved.entry.changed_ms,
            now_ms,
            rows,
            may_manage: caller.may_do(Action::ManageDashboards),
            is_off: self.past.is_off(),
            problem: None,
            view,
        })
    }

    /// The view whose turn is next on a wall; none where nothing turns. A wall without dashboards waits for one.
    /// Those that cannot be read are passed over.
    pub(super) async fn next(
        &self,
        view: &DashboardView,
        caller: &Caller,
    ) -> Result<Option<DashboardView>, DashboardError> {
        let DashboardMode::Wall { seconds: Some(_), of } = &view.mode else { return Ok(None) };
        let all = self.list_for(caller).await?;
        let all: Vec<u64> = all.into_iter().map(|entry| entry.id.0).collect();
        for id in rotation::turns(&all, of, view.id) {
            match self.find_for(id, caller).await {
                Ok(_) => return Ok(Some(DashboardView { id, ..view.clone() })),
                Err(error) if error.is_of_one() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(DashboardView { id: 0, ..view.clone() }))
    }

    /// The document of a page. Charts take a while to draw, so a thread draws them on which no other request waits, and a few at a time.
    pub(super) async fn drawn(&self, context: DoorContext, page: DashboardPage) -> Option<String> {
        let place = Arc::clone(&self.drawing).acquire_owned().await.ok()?;
        let draw = move || {
            let _place = place;
            dashboard(&context, &page)
        };
        tokio::task::spawn_blocking(draw).await.ok()
    }

    /// A card with its numbers. Those that cannot be read cost this card alone.
    async fn card(
        &self,
        board: &DashboardView,
        card: &DashboardCard,
        (now, has_numbers): (u64, bool),
        caller: &Caller,
    ) -> DashboardCardView {
        let span = board.span.unwrap_or_else(|| history_span(card.span));
        let mut view = ExploreView {
            aggregate: card.aggregate,
            is_stacked: card.stack,
            comparison: card.compare.map(comparison),
            zone: board.zone,
            ..ExploreView::live(card.series.clone(), span, now)
        };
        view.series.retain(|series| may_read_address(series, caller));
        let step = u64::try_from(usual_step(span.length as i64 * SHARE)).unwrap_or(1);
        let charted = match has_numbers {
            true => self.past.charted(&mut view, step, caller).await,
            false => Ok(self.past.described(&view)),
        };
        let is_failed = charted.is_err();
        let series = charted.unwrap_or_else(|error| {
            tracing::warn!(dashboard = board.id, %error, "a card has no numbers");
            self.past.described(&view)
        });
        let hidden = card.series.len() - view.series.len();
        DashboardCardView { title: card.title.clone(), view, step, series, hidden, is_failed }
    }
}

fn history_span(span: CardSpan) -> HistorySpan {
    let found = HISTORY_SPANS.into_iter().find(|one| one.name == span.as_str());
    found.unwrap_or(HISTORY_SPANS[1])
}

const fn comparison(of: CardComparison) -> ExploreComparison {
    match of {
        CardComparison::Day => ExploreComparison::Day,
        CardComparison::Week => ExploreComparison::Week,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_the_lengths_of_explore() {
        assert_eq!(CardSpan::ALL.map(history_span), HISTORY_SPANS);
    }
}
