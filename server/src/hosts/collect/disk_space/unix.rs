//! Space as `df` tells it, by statvfs(3).
//!
//! `sysinfo` knows only what is available, and so counts what is reserved for root as used: half of a disk
//! with a large reserve.

use sysinfo::Disk;

use super::Space;

/// `None` when the mount has gone or has no size.
pub(super) fn space(disk: &mut Disk) -> Option<Space> {
    let stat = rustix::io::retry_on_intr(|| rustix::fs::statvfs(disk.mount_point())).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
    (stat.f_blocks > 0).then(|| Space {
        used: bytes(stat.f_blocks.saturating_sub(stat.f_bfree)),
        available: bytes(stat.f_bavail),
    })
}
