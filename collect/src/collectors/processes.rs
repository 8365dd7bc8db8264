//! The busiest and the largest programs.

mod accounts;
mod command;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod top;

#[cfg(target_os = "linux")]
pub(crate) use linux::ProcessTable;
#[cfg(not(target_os = "linux"))]
pub(crate) use portable::ProcessTable;
