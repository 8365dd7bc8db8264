//! The series of each dashboard, as the store had them when it was listed.

use std::{collections::HashMap, sync::Arc};

use common::series_address::SeriesAddress;
use parking_lot::Mutex;
use store::DashboardEntry;

/// The series of each dashboard, as the store had them when it was listed: nobody who has not signed in makes it read all of them anew.
#[derive(Debug, Default)]
pub(super) struct SeriesOfDashboards(Mutex<HashMap<u64, KnownDashboard>>);

#[derive(Debug)]
struct KnownDashboard {
    entry: DashboardEntry,
    series: Arc<[SeriesAddress]>,
}

impl SeriesOfDashboards {
    /// Returns those of a dashboard, where they are known as it is now.
    pub(super) fn of(&self, entry: &DashboardEntry) -> Option<Arc<[SeriesAddress]>> {
        let known = self.0.lock();
        let found = known.get(&entry.id.0).filter(|known| known.entry == *entry)?;
        Some(Arc::clone(&found.series))
    }

    /// Takes note of them.
    pub(super) fn learn(&self, entry: DashboardEntry, series: Arc<[SeriesAddress]>) {
        self.0.lock().insert(entry.id.0, KnownDashboard { entry, series });
    }

    /// Forgets those that were removed, so that no more are kept than there are.
    pub(super) fn retain(&self, entries: &[DashboardEntry]) {
        self.0.lock().retain(|id, _| entries.iter().any(|entry| entry.id.0 == *id));
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
