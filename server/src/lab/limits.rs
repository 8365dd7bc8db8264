//! The bound on the labs that are under way at once.

/// At most this many runs go on at once: at the greatest pace each costs 0.8 MB/s and the log of one topic.
pub(super) const RUNS: usize = 8;
