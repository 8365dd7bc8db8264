//! The clock that is never set and that goes on while the machine sleeps.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
pub(super) use linux::uptime_ms;
#[cfg(not(target_os = "linux"))]
pub(super) use portable::uptime_ms;
