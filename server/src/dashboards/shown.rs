//! A dashboard with the numbers of its cards, as its page shows it.

use access::Action;
use app::door::{
    DashboardCardView, DashboardMode, DashboardPage, DashboardView, ExploreComparison, ExploreView,
    HISTORY_SPANS, HistorySpan,
};
use common::dashboard::{CardComparison, CardSpan, DashboardCard};

use super::{content::SavedDashboard, error::DashboardError, rotation, route_state::DashboardsState};
use crate::{
    access::Caller,
    history::{PastError, may_read_address, usual_step},
};

/// A chart of a card has half as many steps as one of Explore.
const SHARE: i64 = 2;

/// Why a page cannot be shown.
pub(super) enum PageError {
    Dashboard(DashboardError),
    Past(PastError),
}

impl From<DashboardError> for PageError {
    fn from(error: DashboardError) -> Self {
        Self::Dashboard(error)
    }
}

impl From<PastError> for PageError {
    fn from(error: PastError) -> Self {
        Self::Past(error)
    }
}

impl DashboardsState {
    /// The page of a dashboard.
    pub(super) async fn shown(
        &self,
        view: DashboardView,
        saved: SavedDashboard,
        caller: &Caller,
    ) -> Result<DashboardPage, PageError> {
        let now_ms = self.now();
        let has_numbers = view.mode != DashboardMode::Edit && !self.past.is_off();
        let mut rows = Vec::new();
        for row in &saved.rows {
            let mut cards = Vec::new();
            for card in &row.cards {
                cards.push(self.card(&view, card, (now_ms, has_numbers), caller).await?);
            }
            rows.push(cards);
        }
        Ok(DashboardPage {
            next: self.next(&view).await?,
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
    pub(super) async fn next(&self, view: &DashboardView) -> Result<Option<DashboardView>, DashboardError> {
        let DashboardMode::Wall { seconds: Some(_), of } = &view.mode else { return Ok(None) };
        let all = self.store().dashboards().list().await?;
        let all: Vec<u64> = all.into_iter().map(|entry| entry.id.0).collect();
        let id = rotation::next(&all, of, view.id).unwrap_or(0);
        Ok(Some(DashboardView { id, ..view.clone() }))
    }

    async fn card(
        &self,
        board: &DashboardView,
        card: &DashboardCard,
        (now, has_numbers): (u64, bool),
        caller: &Caller,
    ) -> Result<DashboardCardView, PastError> {
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
        let series = if has_numbers {
            self.past.charted(&mut view, step, caller).await?
        } else {
            self.past.described(&view)
        };
        let hidden = card.series.len() - view.series.len();
        Ok(DashboardCardView { title: card.title.clone(), view, step, series, hidden })
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
