//! A disk that takes its time. strace holds each call by which the journal writes or syncs, before it begins. A device-mapper target that
//! delays (`dm-delay`) would be nearer to a disk, but many kernels come without it.
//!
//! With `-D` strace stands beside the program, which stays our child. It looks at these calls alone (`--seccomp-bpf`), and ends with the
//! program.

use std::{path::Path, process::Command, time::Duration};

/// The calls by which the journal reaches the disk; nothing else in the program makes them while it serves.
const CALLS: &str = "pwrite64,fdatasync,fsync";

/// The command that starts a program on such a disk. Without a delay the calls are looked at and nothing more, so that two disks differ in
/// the delay alone.
pub(super) fn before(binary: &Path, delay: Duration) -> Command {
    let mut command = Command::new("strace");
    command.args(["-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e"]).arg(format!("trace={CALLS}"));
    if !delay.is_zero() {
        command.args(["-e", &format!("inject={CALLS}:delay_enter={}", delay.as_micros())]);
    }
    command.arg(binary);
    command
}
