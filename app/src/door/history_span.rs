//! Lengths of time to look at.

/// A minute, milliseconds.
pub(super) const MINUTE: u64 = 60_000;
/// An hour.
pub(super) const HOUR: u64 = 60 * MINUTE;
/// A day.
pub(super) const DAY: u64 = 24 * HOUR;

/// A length of time to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistorySpan {
    /// Its name in addresses.
    pub name: &'static str,
    /// Milliseconds.
    pub length: u64,
}

/// The lengths to choose from.
pub const HISTORY_SPANS: [HistorySpan; 7] = [
    HistorySpan { name: "15m", length: 15 * MINUTE },
    HistorySpan { name: "1h", length: HOUR },
    HistorySpan { name: "6h", length: 6 * HOUR },
    HistorySpan { name: "24h", length: DAY },
    HistorySpan { name: "7d", length: 7 * DAY },
    HistorySpan { name: "30d", length: 30 * DAY },
    HistorySpan { name: "1y", length: 366 * DAY },
];
