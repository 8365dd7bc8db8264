//! Counters where there is no `/proc/diskstats`: `sysinfo`'s view, of what is mounted.

use std::collections::BTreeMap;

use sysinfo::{DiskRefreshKind, Disks};

pub(super) struct DiskIoSource(Disks);

impl DiskIoSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Disks::new().map(Self)
    }

    /// A disk that is mounted in several places is told once.
    pub(super) fn read(&mut self) -> Vec<(String, [u64; 2])> {
        self.0.refresh_specifics(true, DiskRefreshKind::nothing().with_io_usage());
        let counters = self.0.iter().map(|disk| {
            let usage = disk.usage();
            let name = disk.name().to_string_lossy();
            let name = name.strip_prefix("/dev/").unwrap_or(&name).to_owned();
            (name, [usage.total_read_bytes, usage.total_written_bytes])
        });
        let counters: BTreeMap<_, _> =
            counters.filter(|(name, bytes)| *bytes != [0, 0] && !name.is_empty()).collect();
        counters.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_disk_is_told_twice() {
        let told = DiskIoSource::new().expect("a source").read();
        let names: std::collections::BTreeSet<_> = told.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), told.len());
    }
}
