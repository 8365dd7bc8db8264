//! Space where there is no statvfs(3): nothing is reserved there.

use sysinfo::{Disk, DiskRefreshKind};

use super::Space;

/// `None` when the disk has gone or has no size.
pub(super) fn space(disk: &mut Disk) -> Option<Space> {
    if !disk.refresh_specifics(DiskRefreshKind::nothing().with_storage()) {
        return None;
    }
    let (total, available) = (disk.total_space(), disk.available_space());
    (total > 0).then(|| Space { used: total.saturating_sub(available), available })
}
