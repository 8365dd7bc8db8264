//! Space on disks.

#[cfg(any(not(unix), test))]
mod portable;
#[cfg(unix)]
mod unix;

use std::time::{Duration, Instant};

use common::{
    Percent,
    series::{Series, SeriesKind::Gauge, Unit, id},
};
use sysinfo::{DiskRefreshKind, Disks};

#[cfg(not(unix))]
use self::portable::space;
#[cfg(unix)]
use self::unix::space;
use super::{
    Collector, Readings,
    mounts::{Mount, distinct},
    readings::MOST_NAMED,
};

/// How often new mounts are looked for; how full the known ones are is asked every time.
const LIST_EVERY: Duration = Duration::from_secs(10);

/// Each disk of the machine's own by its mount point, and how full the fullest is that cannot be pulled out.
pub(super) struct DiskSpace {
    disks: Disks,
    listed: Option<Instant>,
    /// Places in `disks` of those to tell of.
    own: Vec<usize>,
}

/// What one file system holds, bytes. What is reserved for root is neither used nor available (statvfs(3)).
#[derive(Debug, Clone, Copy)]
struct Space {
    used: u64,
    available: u64,
}

impl Collector for DiskSpace {
    const SERIES: &'static [Series] = &[
        Series::new(id::DISK_PERCENT, Unit::Percent, Gauge, "Fullest disk"),
        Series::new(id::FILESYSTEM_USED, Unit::Bytes, Gauge, "Space in use").for_each_instance(),
        Series::new(id::FILESYSTEM_TOTAL, Unit::Bytes, Gauge, "Space").for_each_instance(),
    ];

    fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { disks: Disks::new()?, listed: None, own: Vec::new() })
    }

    fn collect(&mut self, into: &mut Readings) {
        self.list(into.now());
        let mut fullest: Option<f64> = None;
        for &place in &self.own {
            let disk = &mut self.disks[place];
            let Some(space) = space(disk) else { continue };
            if let Some(percent) = space.percent().filter(|_| !disk.is_removable()) {
                fullest = Some(fullest.unwrap_or(0.0).max(percent.get()));
            }
            if into.in_full() {
                let point = disk.mount_point().as_os_str();
                into.set_named(id::FILESYSTEM_USED, point, Some(space.used as f64));
                into.set_named(id::FILESYSTEM_TOTAL, point, Some(space.total() as f64));
            }
        }
        into.set(id::DISK_PERCENT, fullest);
    }
}

impl DiskSpace {
    fn list(&mut self, now: Instant) {
        if self.listed.is_some_and(|listed| now.duration_since(listed) < LIST_EVERY) {
            return;
        }
        self.listed = Some(now);
        self.disks.refresh_specifics(true, DiskRefreshKind::nothing());
        let mounts: Vec<Mount> = self.disks.iter().map(Mount::of).collect();
        self.own = distinct(&mounts, |mount| mount.point.is_dir());
        self.own.truncate(MOST_NAMED);
    }
}

impl Space {
    /// What programs without privileges could use.
    fn total(self) -> u64 {
        self.used.saturating_add(self.available)
    }

    /// As `df` has it.
    fn percent(self) -> Option<Percent> {
        Percent::of(self.used as f64, self.total() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_asking_agree_on_what_there_is() {
        let mut space_of = DiskSpace::new().expect("disks");
        space_of.list(Instant::now());
        for &place in &space_of.own {
            let disk = &mut space_of.disks[place];
            let portable = portable::space(disk).expect("space");
            let native = space(disk).expect("space");
            assert!(native.used <= portable.used, "what is reserved is not used");
            assert!(native.total() <= portable.total());
        }
    }

    #[test]
    fn what_is_reserved_counts_neither_as_used_nor_as_free() {
        let space = Space { used: 30, available: 60 };
        assert_eq!(space.percent().map(Percent::get).map(f64::round), Some(33.0));
        assert_eq!(Space { used: 0, available: 0 }.percent(), None);
    }
}
