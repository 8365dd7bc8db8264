//! One entry of the log, and its wire forms.

use std::sync::OnceLock;

use bytes::Bytes;
use common::{Cursor, Seq, Topic};
use tokio::time::Instant;

use crate::stats::{Counters, WIRE_FORMATS};

/// One entry of the log.
#[derive(Debug)]
pub struct Publication {
    /// The place in the log.
    pub cursor: Cursor,
    /// The place in the order of this process.
    pub(crate) place: Seq,
    /// The stream it belongs to.
    pub topic: Topic,
    /// The payload, as its publisher encoded it.
    pub data: Bytes,
    /// The time at which the log took it in.
    pub(crate) taken_at: Instant,
    encoded: [OnceLock<Bytes>; WireFormat::SLOTS],
}

/// A way of writing a publication on a wire: built once for each publication, on first need, and shared by all
/// subscribers who read that wire.
#[derive(Debug)]
pub struct WireFormat {
    /// Its name in figures.
    pub name: &'static str,
    slot: usize,
    encode: fn(&Publication) -> Bytes,
}

impl WireFormat {
    /// The most wire formats that a process may have; each costs every publication one pointer-sized cell or so.
    pub const SLOTS: usize = WIRE_FORMATS;

    /// Declares a form. Two forms of one process need two slots, each below [`WireFormat::SLOTS`].
    #[must_use]
    pub const fn new(name: &'static str, slot: usize, encode: fn(&Publication) -> Bytes) -> Self {
        assert!(slot < Self::SLOTS, "a form's slot is below Form::SLOTS");
        Self { name, slot, encode }
    }

    /// Returns the index in the metrics' `encodes`.
    #[must_use]
    pub const fn slot(&self) -> usize {
        self.slot
    }
}

impl Publication {
    pub(crate) fn new(cursor: Cursor, place: Seq, topic: Topic, data: Bytes, taken_at: Instant) -> Self {
        Self { cursor, place, topic, data, taken_at, encoded: Default::default() }
    }

    /// Copies the publication to another place in the log, for a reader who has come further on another node.
    pub(crate) fn at(&self, cursor: Cursor) -> Self {
        Self::new(cursor, self.place, self.topic.clone(), self.data.clone(), self.taken_at)
    }

    /// Encodes the publication in this format; the first caller's result is shared.
    pub(crate) fn encode(&self, format: &WireFormat, stats: &Counters) -> Bytes {
        self.encoded[format.slot]
            .get_or_init(|| {
                stats.encoded(format.slot);
                (format.encode)(self)
            })
            .clone()
    }
}
