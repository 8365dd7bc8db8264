//! Devices that sleep are left alone: to ask one for a value wakes it.

use std::path::{Path, PathBuf};

use crate::prober::{ProbeError, Prober};

/// Returns true if a device sleeps or is about to (Documentation/power/runtime_pm.rst); false for one that never does.
///
/// # Errors
/// When no answer came in time.
pub(in crate::collectors) fn is_asleep(prober: &mut Prober, device: &Path) -> Result<bool, ProbeError> {
    match prober.read(&power_file(device)) {
        Ok(status) => Ok(matches!(status.trim_ascii(), b"suspended" | b"suspending")),
        // Not for us, or not of this device.
        Err(ProbeError::Failed(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The file that says so.
pub(super) fn power_file(device: &Path) -> PathBuf {
    device.join("power/runtime_status")
}
