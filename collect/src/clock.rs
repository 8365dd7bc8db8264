//! The clock that is never set and that goes on while the machine sleeps.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
pub(crate) use linux::uptime_ms;
#[cfg(not(target_os = "linux"))]
pub(crate) use portable::uptime_ms;

use broker::Clock;

/// The two readings of the monotonic clock around a reading of the wall clock lie at most this far apart,
/// milliseconds.
const NARROW: u64 = 5;
/// The clocks are read at most this many times until the readings are close enough.
const TRIES: usize = 5;

/// Returns the difference between the wall clock and the monotonic clock, milliseconds. It changes when the wall clock
/// is set.
#[must_use]
pub fn wall_offset_ms(wall: &dyn Clock) -> i64 {
    let mut offset = 0;
    for _ in 0..TRIES {
        let (before, now, after) = (uptime_ms(), wall.unix_millis(), uptime_ms());
        offset = now.cast_signed().saturating_sub(after.cast_signed());
        if after.saturating_sub(before) <= NARROW {
            break;
        }
    }
    offset
}
