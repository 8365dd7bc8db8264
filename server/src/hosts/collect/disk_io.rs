//! Measures the bytes read from and written to disks.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;

use std::time::Instant;

use common::series::{Series, SeriesKind::Rate, Unit, id};

#[cfg(target_os = "linux")]
use self::linux::DiskIoSource;
#[cfg(not(target_os = "linux"))]
use self::portable::DiskIoSource;
use super::{BackgroundReports, Collector, Readings, flows::Flows};

/// Each physical disk, mounted or not, by its device's name, and all of them together.
///
/// A byte that goes through a partition, a logical volume or an array arrives at a disk: there it is counted, once.
pub(super) struct DiskIo {
    source: DiskIoSource,
    flows: Flows,
}

impl Collector for DiskIo {
    const SERIES: &'static [Series] = &[
        Series::new(id::DISK_READ, Unit::BytesPerSecond, Rate, "Read").for_each_instance(),
        Series::new(id::DISK_WRITTEN, Unit::BytesPerSecond, Rate, "Written").for_each_instance(),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self { source: DiskIoSource::new()?, flows: Flows::new([id::DISK_READ, id::DISK_WRITTEN]) })
    }

    fn collect(&mut self, into: &mut Readings) {
        let disks = self.source.read();
        let now = Instant::now();
        self.flows.fill(now, disks.into_iter().map(|(name, bytes)| (name, bytes, true)), into);
    }
}
