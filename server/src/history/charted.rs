//! Views of Explore in other documents.

use app::door::{ExploreProblem, ExploreSeries, ExploreValues, ExploreView};
use common::series_address::SeriesAddress;

use super::{
    api::PastState,
    error::PastError,
    explore_query::ExploreQuery,
    overlay::{OverlayParts, metric_of},
};
use crate::access::Caller;

impl PastState {
    /// Leaves those series in a view that are there and that the caller may read, and returns the values that are drawn.
    pub(crate) async fn charted(
        &self,
        view: &mut ExploreView,
        step: u64,
        caller: &Caller,
    ) -> Result<Vec<ExploreSeries>, PastError> {
        view.series.retain(|one| self.check_open(one, caller).is_ok());
        match self.overlay(view, step, OverlayParts::Drawn).await {
            // One was forgotten between the look and the question.
            Err(PastError::View(ExploreProblem::NoSeries(gone))) => {
                view.series.retain(|one| *one != gone);
                self.overlay(view, step, OverlayParts::Drawn).await
            }
            answer => answer,
        }
    }

    /// The series of a view without their values.
    pub(crate) fn described(&self, view: &ExploreView) -> Vec<ExploreSeries> {
        let catalog = self.metrics();
        let described = |address: &SeriesAddress| ExploreSeries {
            address: address.clone(),
            metric: metric_of(catalog, &address.key),
            values: ExploreValues::default(),
            before: None,
        };
        view.series.iter().map(described).collect()
    }

    /// True where nothing is kept.
    pub(crate) fn is_off(&self) -> bool {
        self.history.folder().is_none()
    }
}

/// Reads the query of a view. `now` is in milliseconds since 1970.
///
/// # Errors
/// The first thing in it that makes no sense.
pub(crate) fn read_view(query: &str, now: u64) -> Result<ExploreView, ExploreProblem> {
    let ExploreQuery { view, problem, .. } = ExploreQuery::read(query, now);
    match problem {
        Some(problem) => Err(problem),
        None if view.series.is_empty() => Err(ExploreProblem::NoneAsked),
        None => Ok(view),
    }
}
