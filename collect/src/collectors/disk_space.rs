//! Space on disks.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod report;
mod series;

use common::{
    metric::{LocalizedText, Metric},
    panel::{Axis, Panel, PanelLine, PanelView, Tier},
};

#[cfg(target_os = "linux")]
pub(crate) use self::linux::SpaceProbe;
#[cfg(not(target_os = "linux"))]
pub(crate) use self::portable::SpaceProbe;
pub(crate) use self::report::SpaceReport;
pub(super) use self::series::FULLEST;
use self::series::{READ_ONLY, TOTAL, USED};
use super::{BackgroundReports, Collector, Readings, background::LatestReport};

/// Each disk of the machine's own by its mount point, and how full the fullest is that cannot be pulled out.
///
/// Asking may take for ever, so [`SpaceProbe`] does it in a part of its own; here its last report is read.
pub(super) struct DiskSpace(LatestReport<SpaceReport>);

impl Collector for DiskSpace {
    const METRICS: &'static [Metric] = &[FULLEST, USED, TOTAL, READ_ONLY];
    const PANELS: &'static [Panel] = &[
        Panel {
            tier: Tier::Fast,
            axis: Axis::To(100.0),
            tile: true,
            hint: LocalizedText::new("fullest disk", "가장 많이 찬 디스크"),
            share_of: &[&USED, &TOTAL],
            ..Panel::trend("disk", 30, LocalizedText::new("Disk", "디스크"), &[PanelLine::of(&FULLEST, 2)])
        },
        Panel {
            judged_by: Some(&FULLEST),
            empty: LocalizedText::new("No filesystem is mounted.", "마운트된 파일 시스템이 없습니다."),
            ..Panel::new(
                PanelView::Usage,
                "filesystems",
                90,
                LocalizedText::new("Filesystems", "파일 시스템"),
                &[PanelLine::of(&USED, 2), PanelLine::of(&TOTAL, 2), PanelLine::of(&READ_ONLY, 2)],
            )
        },
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.space.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        let Some((report, silent)) = self.0.find() else { return };
        report.fill(silent, into);
    }
}
