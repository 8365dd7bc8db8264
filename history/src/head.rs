//! Heads: samples of series that are in no sealed file yet.

use std::sync::Arc;

use crate::{
    resolution::Resolution,
    sample::{Sample, settle},
    stream::{self, StreamState, put_sample},
};

/// Samples of a series that came in the order of their times, or those that came after a later one.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    state: StreamState,
    /// The bytes that are in the journal.
    pub(crate) committed: usize,
}

impl Head {
    pub(crate) fn push(&mut self, sample: Sample, resolution: Resolution) {
        put_sample(&mut self.bytes, &mut self.state, sample, resolution);
    }
}

/// A series of the table.
#[derive(Debug)]
pub(crate) struct SeriesEntry {
    /// The number that files call it by.
    pub(crate) id: u32,
    pub(crate) key: Arc<[u8]>,
    pub(crate) resolution: Resolution,
    /// The earliest time that it ever had a sample of.
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<Sample>,
    /// Samples in order, and late ones.
    pub(crate) heads: [Head; 2],
    /// It has bytes that are not in the journal, and is on the list of these.
    pub(crate) is_dirty: bool,
}

/// The heads of a series, taken out of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeadBytes {
    pub(crate) id: u32,
    pub(crate) resolution: Option<Resolution>,
    pub(crate) bytes: [Vec<u8>; 2],
}

/// The heads of all series, which are being sealed.
#[derive(Debug)]
pub(crate) struct FlushingHeads {
    /// In the order of the numbers of series.
    pub(crate) heads: Vec<HeadBytes>,
    /// No sample is earlier.
    pub(crate) first: Option<i64>,
}

impl HeadBytes {
    /// Reads the samples, and brings them into order. Returns the number of duplicates among them.
    pub(crate) fn samples(&self, out: &mut Vec<Sample>) -> usize {
        let resolution = self.resolution.unwrap_or(Resolution::WHOLE);
        for bytes in &self.bytes {
            let read = stream::read(bytes, &mut StreamState::default(), resolution, out);
            debug_assert!(read.is_some(), "a head has what was written to it");
        }
        settle(out)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.iter().all(Vec::is_empty)
    }
}

impl FlushingHeads {
    pub(crate) fn of(&self, id: u32) -> Option<&HeadBytes> {
        let place = self.heads.binary_search_by_key(&id, |heads| heads.id).ok()?;
        self.heads.get(place)
    }
}
