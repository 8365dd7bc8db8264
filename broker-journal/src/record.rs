//! One record as it stands in a file: `length crc32 kind seq at topic-length topic payload`, little-endian.
//!
//! The checksum covers everything but itself, the length too. So a cut record and a damaged one differ: a record that
//! ends too early may be the last one of a process that was killed; one that is whole and wrong is damage.

use common::Seq;

/// `length` and `crc32`.
const PREFIX: usize = 8;
/// `kind`, `seq`, `at` and `topic-length`.
const FIXED: usize = 1 + 8 + 8 + 2;
/// The bytes that a record takes besides its topic and its payload.
pub(crate) const OVERHEAD: usize = PREFIX + FIXED;

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// A publication with the number `seq`.
    Entry = 1,
    /// Every entry of the topic up to `seq` is gone.
    Evicted = 2,
    /// Topics were forgotten that had lost entries up to `seq`; no topic is named.
    Forgotten = 3,
    /// A publication with the number `seq` and a key of its publisher's: the payload follows the key's length, a byte, and the key.
    Keyed = 4,
}

/// A record in memory, its parts borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) kind: RecordKind,
    pub(crate) seq: Seq,
    /// The time at which the log took it in, milliseconds since 1970; 0 where it does not matter.
    pub(crate) at_ms: u64,
    pub(crate) topic: &'a str,
    pub(crate) data: &'a [u8],
}

/// The reason for which some bytes hold no further record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// There are no more bytes.
    End,
    /// The bytes end within a record.
    Torn,
    /// The bytes are not what was written.
    Damaged,
}

impl<'a> Record<'a> {
    /// Returns the record's length in the file, bytes.
    pub(crate) fn length(&self) -> usize {
        OVERHEAD + self.topic.len() + self.data.len()
    }

    /// Writes it behind what `out` holds. The topic is at most 259 bytes long (`common::Topic`), and the journal takes
    /// no record that is longer than a segment.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let length = u32::try_from(self.length() - PREFIX).expect("a record is shorter than a segment");
        let topic = u16::try_from(self.topic.len()).expect("a topic is short");
        out.reserve(self.length());
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        out.push(self.kind as u8);
        out.extend_from_slice(&self.seq.0.to_le_bytes());
        out.extend_from_slice(&self.at_ms.to_le_bytes());
        out.extend_from_slice(&topic.to_le_bytes());
        out.extend_from_slice(self.topic.as_bytes());
        out.extend_from_slice(self.data);
        let crc = checksum(&out[start..start + 4], &out[start + PREFIX..]);
        out[start + 4..start + PREFIX].copy_from_slice(&crc.to_le_bytes());
    }

    /// The record at the beginning of `bytes`, and what follows it.
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Stop> {
        if bytes.is_empty() {
            return Err(Stop::End);
        }
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or(Stop::Torn)?;
        let size = u32::from_le_bytes(*length) as usize;
        if size < FIXED {
            return Err(Stop::Damaged);
        }
        let (crc, rest) = rest.split_first_chunk::<4>().ok_or(Stop::Torn)?;
        let (body, rest) = rest.split_at_checked(size).ok_or(Stop::Torn)?;
        if checksum(length, body) != u32::from_le_bytes(*crc) {
            return Err(Stop::Damaged);
        }
        Ok((Self::read(body).ok_or(Stop::Damaged)?, rest))
    }

    fn read(body: &'a [u8]) -> Option<Self> {
        let (kind, rest) = body.split_first()?;
        let kind = match kind {
            1 => RecordKind::Entry,
            2 => RecordKind::Evicted,
            3 => RecordKind::Forgotten,
            4 => RecordKind::Keyed,
            _ => return None,
        };
        let (seq, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (topic, rest) = rest.split_first_chunk()?;
        let (topic, data) = rest.split_at_checked(usize::from(u16::from_le_bytes(*topic)))?;
        Some(Self {
            kind,
            seq: Seq(u64::from_le_bytes(*seq)),
            at_ms: u64::from_le_bytes(*at),
            topic: str::from_utf8(topic).ok()?,
            data,
        })
    }
}

fn checksum(length: &[u8], body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(length);
    crc.update(body);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use proptest::prelude::*;

    use super::*;

    type Owned = (u8, u64, u64, String, Vec<u8>);

    fn records(count: Range<usize>) -> impl Strategy<Value = Vec<Owned>> {
        let one =
            (1u8..5, any::<u64>(), any::<u64>(), "[a-z/]{0,20}", prop::collection::vec(any::<u8>(), 0..60));
        prop::collection::vec(one, count)
    }

    fn borrowed((kind, seq, at_ms, topic, data): &Owned) -> Record<'_> {
        let kind = [RecordKind::Entry, RecordKind::Evicted, RecordKind::Forgotten, RecordKind::Keyed]
            [usize::from(*kind) - 1];
        Record { kind, seq: Seq(*seq), at_ms: *at_ms, topic, data }
    }

    fn written(records: &[Owned]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for one in records {
            let before = bytes.len();
            borrowed(one).encode(&mut bytes);
            assert_eq!(bytes.len() - before, borrowed(one).length());
        }
        bytes
    }

    /// The records up to where reading stops, the length that they take, and why it stops.
    fn read(bytes: &[u8]) -> (Vec<Record<'_>>, usize, Stop) {
        let (mut all, mut rest) = (Vec::new(), bytes);
        loop {
            match Record::decode(rest) {
                Ok((record, after)) => {
                    all.push(record);
                    rest = after;
                }
                Err(stop) => return (all, bytes.len() - rest.len(), stop),
            }
        }
    }

    proptest! {
        #[test]
        fn records_read_back_as_they_were_written(records in records(0..8)) {
            let bytes = written(&records);
            let (back, length, stop) = read(&bytes);
            prop_assert_eq!(back, records.iter().map(borrowed).collect::<Vec<_>>());
            prop_assert_eq!((length, stop), (bytes.len(), Stop::End));
        }

        #[test]
        fn bytes_that_were_cut_anywhere_give_the_records_before_the_cut_and_are_torn(
            records in records(0..8),
            cut: prop::sample::Index,
        ) {
            let bytes = written(&records);
            let cut = cut.index(bytes.len() + 1);
            let (back, length, stop) = read(&bytes[..cut]);
            prop_assert!(length <= cut);
            prop_assert_eq!(&back[..], &records.iter().map(borrowed).collect::<Vec<_>>()[..back.len()]);
            prop_assert_eq!(stop, if length == cut { Stop::End } else { Stop::Torn });
            prop_assert_eq!(length, written(&records[..back.len()]).len());
        }

        #[test]
        fn a_flipped_bit_gives_the_records_before_it_and_none_after_it(
            records in records(1..8),
            at: prop::sample::Index,
            bit in 0u8..8,
        ) {
            let mut bytes = written(&records);
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let (back, length, stop) = read(&bytes);
            prop_assert!(length <= at);
            prop_assert_eq!(&back[..], &records.iter().map(borrowed).collect::<Vec<_>>()[..back.len()]);
            prop_assert!(stop != Stop::End);
            prop_assert!(at < written(&records[..=back.len()]).len(), "the record before the flipped one is there");
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            read(&bytes);
        }
    }

    #[test]
    fn a_file_that_a_power_cut_left_with_zeros_is_damaged() {
        assert_eq!(Record::decode(&[0; 64]), Err(Stop::Damaged));
    }
}
