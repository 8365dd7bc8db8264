//! The dashboards that a caller may know of.

use std::sync::Arc;

use common::series_address::SeriesAddress;
use store::DashboardEntry;

use super::{content::SavedDashboard, error::DashboardError, route_state::DashboardsState};
use crate::{access::Caller, history::may_read_address};

impl DashboardsState {
    /// Lists the dashboards by name. Whoever has not signed in is told of those of which it may read something, and of nobody who wrote them.
    pub(super) async fn list_for(&self, caller: &Caller) -> Result<Vec<DashboardEntry>, DashboardError> {
        let entries = self.store().dashboards().list().await?;
        if !caller.is_stranger() {
            return Ok(entries);
        }
        self.series.retain(&entries);
        let mut open = Vec::new();
        for entry in entries {
            let series = self.series_of(&entry).await?;
            if series.iter().any(|one| may_read_address(one, caller)) {
                open.push(DashboardEntry { changed_by: None, ..entry });
            }
        }
        Ok(open)
    }

    /// The series of a dashboard; none of one that is not there any more, or that cannot be read.
    async fn series_of(&self, entry: &DashboardEntry) -> Result<Arc<[SeriesAddress]>, DashboardError> {
        if let Some(known) = self.series.of(entry) {
            return Ok(known);
        }
        let SavedDashboard { entry, rows } = match self.find(entry.id.0).await {
            Ok(saved) => saved,
            Err(error) if error.is_of_one() => return Ok(Arc::default()),
            Err(error) => return Err(error),
        };
        let cards = rows.into_iter().flat_map(|row| row.cards);
        let series: Arc<[SeriesAddress]> = cards.flat_map(|card| card.series).collect();
        self.series.learn(entry, Arc::clone(&series));
        Ok(series)
    }
}
