//! Measures the bytes read from and written to disks.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;

use std::time::Instant;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Axis, Panel, PanelLine},
};

#[cfg(target_os = "linux")]
use self::linux::DiskIoSource;
#[cfg(not(target_os = "linux"))]
use self::portable::DiskIoSource;
use super::{BackgroundReports, Collector, Readings, flows::Flows};

/// Read from a physical disk, mounted or not.
const READ: Metric = of_device("disk.read", LocalizedText::new("Read", "읽기"));
/// Written to a physical disk, mounted or not.
const WRITTEN: Metric = of_device("disk.written", LocalizedText::new("Written", "쓰기"));

const fn of_device(id: &'static str, name: LocalizedText) -> Metric {
    const BY_DEVICE: &[Label] = &[Label { id: "device", name: LocalizedText::new("Device", "장치") }];
    Metric::rate(id, Unit::BytesPerSecond, name).by(BY_DEVICE)
}

/// Each physical disk, mounted or not, by its device's name, and all of them together.
///
/// A byte that goes through a partition, a logical volume or an array arrives at a disk: there it is counted, once.
pub(super) struct DiskIo {
    source: DiskIoSource,
    flows: Flows,
}

impl Collector for DiskIo {
    const METRICS: &'static [Metric] = &[READ, WRITTEN];
    const PANELS: &'static [Panel] = &[Panel {
        axis: Axis::AtLeast(1000.0),
        empty: LocalizedText::new(
            "This host reports no disk activity.",
            "이 호스트는 디스크 활동을 알려 주지 않습니다.",
        ),
        ..Panel::trend(
            "disk-io",
            50,
            LocalizedText::new("Disk activity", "디스크 활동"),
            &[PanelLine::of(&READ, 2), PanelLine::of(&WRITTEN, 2).down()],
        )
    }];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self { source: DiskIoSource::new()?, flows: Flows::new([&READ, &WRITTEN]) })
    }

    fn collect(&mut self, into: &mut Readings) {
        let disks = self.source.read();
        let now = Instant::now();
        self.flows.fill(now, disks.into_iter().map(|(name, bytes)| (name, bytes, true)), into);
    }
}
