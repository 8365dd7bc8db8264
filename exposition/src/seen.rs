use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_128;

use crate::sample::Label;

/// The series of a body so far, each as a hash of 128 bits.
///
/// A hundred thousand series have two equal hashes once in 10^28 bodies. Who makes equal ones on purpose loses one of their own series. The set hashes
/// again, with a key that nobody knows, so that nobody can make it slow.
#[derive(Debug, Default)]
pub(crate) struct SeenSeries {
    hashes: HashSet<u128>,
    /// The bytes of one series. It is kept for its room.
    series: Vec<u8>,
}

/// A series, as the set knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    First,
    Again,
    /// It is new, and beyond the limit.
    Beyond,
}

impl SeenSeries {
    /// Points of a series that have different times are different ones.
    pub(crate) fn insert(
        &mut self,
        name: &str,
        labels: &[Label<'_>],
        time: Option<i64>,
        most: usize,
    ) -> Seen {
        self.series.clear();
        self.series.extend_from_slice(name.as_bytes());
        for label in labels {
            for part in [&label.name, &label.value] {
                // No text has this byte.
                self.series.push(u8::MAX);
                self.series.extend_from_slice(part.as_bytes());
            }
        }
        if let Some(time) = time {
            // No label is empty, and so nothing else has the byte twice.
            self.series.extend_from_slice(&[u8::MAX; 2]);
            self.series.extend_from_slice(&time.to_le_bytes());
        }
        let hash = xxh3_128(&self.series);
        if self.hashes.len() >= most {
            return if self.hashes.contains(&hash) { Seen::Again } else { Seen::Beyond };
        }
        if self.hashes.insert(hash) { Seen::First } else { Seen::Again }
    }
}
