//! Machines on which something hangs, lies or is there by the thousand, made of namespaces and measured by the real binary.
//!
//! They need root, as the server does not. Where namespaces are not permitted they fail, by name.
#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod clock;
mod disks;
mod host;
mod network;
mod processes;
mod sensors;
mod silent_mount;
mod stuck_part;
