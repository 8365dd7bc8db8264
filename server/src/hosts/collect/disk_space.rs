//! Space on disks.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod report;

use common::series::{Series, SeriesKind::Gauge, Unit, id};

#[cfg(target_os = "linux")]
pub(in crate::hosts) use self::linux::SpaceProbe;
#[cfg(not(target_os = "linux"))]
pub(in crate::hosts) use self::portable::SpaceProbe;
pub(in crate::hosts) use self::report::SpaceReport;
use super::{BackgroundReports, Collector, Readings, background::LatestReport};

/// Each disk of the machine's own by its mount point, and how full the fullest is that cannot be pulled out.
///
/// Asking may take for ever, so [`SpaceProbe`] does it in a part of its own; here its last report is read.
pub(super) struct DiskSpace(LatestReport<SpaceReport>);

impl Collector for DiskSpace {
    const SERIES: &'static [Series] = &[
        Series::new(id::DISK_PERCENT, Unit::Percent, Gauge, "Fullest disk"),
        Series::new(id::FILESYSTEM_USED, Unit::Bytes, Gauge, "Space in use").for_each_instance(),
        Series::new(id::FILESYSTEM_TOTAL, Unit::Bytes, Gauge, "Space").for_each_instance(),
        Series::new(id::FILESYSTEM_READ_ONLY, Unit::Count, Gauge, "Read-only").for_each_instance(),
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.space.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        let Some((report, silent)) = self.0.find() else { return };
        report.fill(silent, into);
    }
}
