//! Space where there is no mountinfo: `sysinfo`'s view.

use std::{collections::BTreeMap, ffi::OsString, sync::Arc};

use broker::Clock;
use sysinfo::{DiskRefreshKind, Disks};

use super::report::{DiskRow, DiskState, Space, SpaceReport};
use crate::{
    collectors::{label_value::label_value, readings::MOST_NAMED},
    prober::Prober,
};

/// Lists the disks anew each time: what `sysinfo` says of one that it knows is what it first saw.
pub(crate) struct SpaceProbe;

impl SpaceProbe {
    pub(crate) fn new(_: Prober, _: Arc<dyn Clock>) -> Self {
        Self
    }

    /// There is nothing to end here.
    pub(crate) fn rest(&mut self) {}

    /// Asks them all. Whether one answers is not known here.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> SpaceReport {
        let mut disks: BTreeMap<OsString, DiskState> = BTreeMap::new();
        let known = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage());
        let known = known.iter().flat_map(|disks| disks.iter());
        for disk in known.filter(|disk| disk.total_space() > 0) {
            moves();
            let (total, available) = (disk.total_space(), disk.available_space());
            let image = disk.is_read_only() && available == 0;
            if !image {
                let state = DiskState::Answered {
                    space: Space { used: total.saturating_sub(available), available },
                    read_only: disk.is_read_only(),
                    counts: disk.mount_point().as_os_str() == "/" || !disk.is_removable(),
                };
                disks.insert(disk.mount_point().as_os_str().to_owned(), state);
            }
        }
        let left_out = disks.len().saturating_sub(MOST_NAMED);
        let rows = disks.into_iter().map(|(point, state)| DiskRow { mount: label_value(&point), state });
        SpaceReport { rows: rows.take(MOST_NAMED).collect(), left_out }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use broker::SystemClock;

    use super::*;

    #[test]
    fn it_finds_a_disk_where_there_is_one() {
        let mut probe = SpaceProbe::new(Prober::new(None, Duration::from_secs(1)), Arc::new(SystemClock));
        let report = probe.round(&|| ());
        probe.rest();
        assert!(report.rows.len() <= MOST_NAMED);
    }
}
