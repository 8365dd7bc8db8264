//! The bounds of the log in a process's memory.

/// The log holds at most this many bytes in all: a program that publishes without end must not take the machine's
/// memory.
pub(super) const BYTES: usize = 256 << 20;
/// The log holds at most this many topics.
pub(super) const TOPICS: usize = 10_000;
