//! The dashboards that a caller may know of.

use std::{collections::HashMap, sync::Arc};

use common::series_address::SeriesAddress;
use parking_lot::Mutex;
use store::DashboardEntry;

use super::{content::SavedDashboard, error::DashboardError, route_state::DashboardsState};
use crate::{access::Caller, history::may_read_address};

/// The series of each dashboard, as the store had them when it was listed: nobody who has not signed in makes it read all of them anew.
#[derive(Debug, Default)]
pub(super) struct SeriesOfDashboards(Mutex<HashMap<u64, KnownDashboard>>);

#[derive(Debug)]
struct KnownDashboard {
    entry: DashboardEntry,
    series: Arc<[SeriesAddress]>,
}

impl SeriesOfDashboards {
    fn of(&self, entry: &DashboardEntry) -> Option<Arc<[SeriesAddress]>> {
        let known = self.0.lock();
        let found = known.get(&entry.id.0).filter(|known| known.entry == *entry)?;
        Some(Arc::clone(&found.series))
    }

    fn learn(&self, entry: DashboardEntry, series: Arc<[SeriesAddress]>) {
        self.0.lock().insert(entry.id.0, KnownDashboard { entry, series });
    }

    /// Forgets those that were removed, so that no more are kept than there are.
    fn retain(&self, entries: &[DashboardEntry]) {
        self.0.lock().retain(|id, _| entries.iter().any(|entry| entry.id.0 == *id));
    }
}

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

#[cfg(test)]
mod tests {
    use store::DashboardId;

    use super::*;

    #[test]
    fn what_was_changed_or_removed_is_read_anew() {
        let entry = |version| DashboardEntry {
            id: DashboardId(7),
            name: "a".into(),
            version,
            changed_by: None,
            changed_ms: 0,
        };
        let known = SeriesOfDashboards::default();
        known.learn(entry(1), ["local:x".parse().expect("a series")].into());
        known.retain(&[entry(1)]);
        assert_eq!(known.of(&entry(1)).map(|all| all.len()), Some(1));
        assert!(known.of(&entry(2)).is_none());
        known.retain(&[]);
        assert!(known.of(&entry(1)).is_none());
    }
}
