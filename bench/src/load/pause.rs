//! Waiting without a runtime.

use std::time::Duration;

/// Stops this program's only thread.
#[allow(clippy::disallowed_methods, reason = "there is no runtime here whose worker it could stop")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}
