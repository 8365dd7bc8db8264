//! The clock that is never set and that goes on while the machine sleeps.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
pub(super) use linux::uptime_ms;
#[cfg(not(target_os = "linux"))]
pub(super) use portable::uptime_ms;

use super::local::unix_millis;

/// How far apart the two looks may lie between which the wall clock is read, milliseconds.
const NARROW: u64 = 5;
/// How often is tried until they are.
const TRIES: usize = 5;

/// How far the wall clock is ahead of the one that is never set, milliseconds. It changes when the wall clock is set.
pub(super) fn wall_offset_ms() -> i64 {
    let mut offset = 0;
    for _ in 0..TRIES {
        let (before, wall, after) = (uptime_ms(), unix_millis(), uptime_ms());
        offset = wall.cast_signed().saturating_sub(after.cast_signed());
        if after.saturating_sub(before) <= NARROW {
            break;
        }
    }
    offset
}
