//! The counters of the hub.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The most wire formats that a process may have; each costs every publication one pointer-sized cell or so.
pub(crate) const WIRE_FORMATS: usize = 16;

#[derive(Debug, Default)]
pub(crate) struct Counters {
    publications: AtomicU64,
    deliveries: AtomicU64,
    gaps: AtomicU64,
    conflations: AtomicU64,
    lag_high_water: AtomicU64,
    encodes: [AtomicU64; WIRE_FORMATS],
}

/// The hub's figures at a moment. Counters run from the hub's start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metrics {
    /// Entries taken into the log.
    pub publications: u64,
    /// Entries handed to subscriptions.
    pub deliveries: u64,
    /// Gaps delivered to subscriptions.
    pub gaps: u64,
    /// Times a `Latest` topic skipped a reader ahead to its newest entry.
    pub conflations: u64,
    /// The most entries that any subscription was ever behind when it read: the mailboxes' high-water mark.
    pub lag_high_water: u64,
    /// The number of times each wire format was encoded, by slot.
    pub encodes: [u64; WIRE_FORMATS],
    /// Sessions open now.
    pub subscriptions: usize,
    /// Topics in the log now.
    pub topics: usize,
}

impl Counters {
    pub(crate) fn published(&self) {
        self.publications.fetch_add(1, Relaxed);
    }

    pub(crate) fn encoded(&self, slot: usize) {
        self.encodes[slot].fetch_add(1, Relaxed);
    }

    /// One reading of the log by one subscription.
    pub(crate) fn read(&self, reading: &ReadStats) {
        self.deliveries.fetch_add(reading.deliveries, Relaxed);
        if reading.gaps > 0 {
            self.gaps.fetch_add(reading.gaps, Relaxed);
        }
        if reading.conflations > 0 {
            self.conflations.fetch_add(reading.conflations, Relaxed);
        }
        if reading.lag > self.lag_high_water.load(Relaxed) {
            self.lag_high_water.fetch_max(reading.lag, Relaxed);
        }
    }

    pub(crate) fn snapshot(&self, subscriptions: usize, topics: usize) -> Metrics {
        Metrics {
            publications: self.publications.load(Relaxed),
            deliveries: self.deliveries.load(Relaxed),
            gaps: self.gaps.load(Relaxed),
            conflations: self.conflations.load(Relaxed),
            lag_high_water: self.lag_high_water.load(Relaxed),
            encodes: std::array::from_fn(|slot| self.encodes[slot].load(Relaxed)),
            subscriptions,
            topics,
        }
    }
}

/// The counts of one read of the log.
#[derive(Debug, Default)]
pub(crate) struct ReadStats {
    pub(crate) deliveries: u64,
    pub(crate) gaps: u64,
    pub(crate) conflations: u64,
    pub(crate) dropped: u64,
    pub(crate) lag: u64,
}
