//! The metrics of space on disks.

use common::metric::{Label, LocalizedText, Metric, Unit};

/// Space in use on the fullest of the machine's own disks.
pub(in crate::collectors) const FULLEST: Metric =
    Metric::gauge("disk.percent", Unit::Percent, LocalizedText::new("Fullest disk", "가장 많이 찬 디스크"))
        .judged(80.0, 90.0);
/// Space in use.
pub(super) const USED: Metric =
    of_mount("filesystem.used", Unit::Bytes, LocalizedText::new("Space in use", "사용 중인 공간"));
/// Space that programs can have: in use and available. What is kept back for root or by a quota is in neither, so that shares agree
/// with `df`.
pub(super) const TOTAL: Metric =
    of_mount("filesystem.total", Unit::Bytes, LocalizedText::new("Space", "공간"));
/// 1 for a mount to which nothing can be written; absent for all others.
pub(super) const READ_ONLY: Metric =
    of_mount("filesystem.read_only", Unit::Count, LocalizedText::new("Read-only", "읽기 전용"));

const fn of_mount(id: &'static str, unit: Unit, name: LocalizedText) -> Metric {
    const BY_MOUNT: &[Label] =
        &[Label { id: "mount", name: LocalizedText::new("Mounted on", "마운트 위치") }];
    Metric::gauge(id, unit, name).by(BY_MOUNT)
}
