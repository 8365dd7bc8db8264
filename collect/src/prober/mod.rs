//! Questions to the system that may never be answered, asked from a process of their own.
//!
//! `statvfs` on a mount whose server is gone, a sensor behind a bus that is stuck and the command line of a program that waits
//! for either can block for ever, and once a FUSE server has read the request not even SIGKILL ends the wait (`request_wait_answer` in
//! the kernel's fs/fuse/dev.c). A thread so caught would keep the whole process from ending. So a [`Prober`] asks a child process
//! over two pipes, waits until a deadline, and leaves a child that does not answer to itself.
//!
//! Programs of the system that are asked (`systemctl`, `smartctl`) are children with a deadline already: a [`CommandRunner`] runs them.

mod answers;
mod child;
mod client;
mod command;
mod shared_child;
mod wire;

pub use answers::serve;
pub(crate) use client::{ProbeError, Prober};
pub(crate) use command::{CommandRunner, find_program};
pub(crate) use shared_child::SharedChild;
pub(crate) use wire::SpaceStat;
