//! The counters of a network interface.

/// The counters of one interface that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) name: String,
    /// Bytes received and sent since it was made.
    pub(super) bytes: [u64; 2],
    /// True if the interface is part of the total; those are listed first.
    pub(super) counted: bool,
}
