//! A block: lines of one source, by columns, so that like stands beside like; compressed; and the filter of their words.

use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable, Filter, FilterRef};

use crate::{
    bytes::{Reader, apply, difference, put},
    line::KeptLine,
    words,
};

/// zstd's levels: the lower one takes a hundredth of the higher one's time, and an eighth more space.
pub(crate) const FAST: i32 = 6;
pub(crate) const SMALL: i32 = 19;
/// Times are kept in milliseconds: what is finer differs from line to line and takes more space than the rest of a time.
const TICK: u64 = 1_000;
/// No block is larger when it is unpacked.
const LARGEST: usize = 64 << 20;
const STDERR: u8 = 1;
const CUT: u8 = 2;

/// Writes lines by columns: their number, times as differences, flags, lengths of lines that were cut, lengths, texts.
pub(crate) fn write(lines: &[KeptLine]) -> Vec<u8> {
    let text: usize = lines.iter().map(|line| line.text.len()).sum();
    let mut out = Vec::with_capacity(text + 8 * lines.len() + 8);
    put(&mut out, lines.len() as u64);
    let mut before = 0;
    for line in lines {
        put(&mut out, difference(before, line.at / TICK));
        before = line.at / TICK;
    }
    out.extend(lines.iter().map(|line| {
        let stderr = if line.stderr { STDERR } else { 0 };
        stderr | if line.cut.is_some() { CUT } else { 0 }
    }));
    lines.iter().filter_map(|line| line.cut).for_each(|length| put(&mut out, length));
    lines.iter().for_each(|line| put(&mut out, line.text.len() as u64));
    lines.iter().for_each(|line| out.extend_from_slice(line.text.as_bytes()));
    out
}

/// Reads what [`write`] wrote; none if these bytes are nothing such.
pub(crate) fn read(bytes: &[u8]) -> Option<Vec<KeptLine>> {
    let mut reader = Reader(bytes);
    let count = reader.count()?;
    let mut lines = Vec::with_capacity(count);
    let mut before = 0;
    for _ in 0..count {
        before = apply(before, reader.number()?);
        lines.push(KeptLine { at: before.checked_mul(TICK)?, ..KeptLine::default() });
    }
    for (line, flags) in lines.iter_mut().zip(reader.take(count)?) {
        line.stderr = flags & STDERR != 0;
        line.cut = (flags & CUT != 0).then_some(0);
    }
    for line in &mut lines {
        if let Some(length) = &mut line.cut {
            *length = reader.number()?;
        }
    }
    let lengths: Vec<usize> = (0..count).map(|_| reader.count()).collect::<Option<_>>()?;
    for (line, length) in lines.iter_mut().zip(lengths) {
        line.text = str::from_utf8(reader.take(length)?).ok()?.to_owned();
    }
    reader.0.is_empty().then_some(lines)
}

/// The time of a line as it is kept.
#[must_use]
pub fn kept_time(at: u64) -> u64 {
    at / TICK * TICK
}

/// Compresses bytes.
pub(crate) fn pack(bytes: &[u8], level: i32) -> Vec<u8> {
    zstd::bulk::compress(bytes, level).expect("zstd compresses any bytes in memory")
}

/// Undoes that. None where the bytes are no such thing, or stand for too many.
pub(crate) fn unpack(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    if length > LARGEST {
        return None;
    }
    let unpacked = zstd::bulk::decompress(bytes, length).ok()?;
    (unpacked.len() == length).then_some(unpacked)
}

/// Writes the filter of the words of lines; nothing where they have none.
pub(crate) fn write_filter(lines: &[KeptLine]) -> Vec<u8> {
    let mut room = String::new();
    let mut keys = Vec::new();
    for line in lines {
        words::hashes(&line.text, &mut room, |hash| keys.push(hash));
    }
    keys.sort_unstable();
    keys.dedup();
    // Without a filter, lines are looked for in the block.
    let Ok(filter) = BinaryFuse8::try_from(&keys) else { return Vec::new() };
    if keys.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0; BinaryFuse8::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut out);
    out.extend_from_slice(filter.dma_fingerprints());
    out
}

/// Reports that a block with this filter may have all these words: it has not, or it has but for one case in 256.
pub(crate) fn may_have(filter: &[u8], hashes: &[u64]) -> bool {
    let Some((descriptor, fingerprints)) = filter.split_at_checked(BinaryFuse8::DESCRIPTOR_LEN) else {
        return true;
    };
    if !fits(descriptor, fingerprints.len()) {
        return true;
    }
    let filter = BinaryFuse8Ref::from_dma(descriptor, fingerprints);
    hashes.iter().all(|hash| filter.contains(hash))
}

/// Reports that a descriptor (a seed, then the length of a segment, its mask, and the length of all segments but two) is of so many
/// fingerprints. xorf believes it, and reads beyond them otherwise.
fn fits(descriptor: &[u8], fingerprints: usize) -> bool {
    let number = |at: usize| {
        let four = descriptor.get(at..at + 4).and_then(<[u8]>::first_chunk);
        four.map_or(0, |four| u32::from_le_bytes(*four))
    };
    let [segment, mask, begins] = [8, 12, 16].map(number);
    segment.is_power_of_two()
        && mask == segment - 1
        && begins % segment == 0
        && u64::from(begins) + 2 * u64::from(segment) == fingerprints as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_line() -> impl Strategy<Value = KeptLine> {
        (any::<u64>(), any::<bool>(), any::<Option<u64>>(), ".{0,40}")
            .prop_map(|(at, stderr, cut, text)| KeptLine { at: kept_time(at), stderr, cut, text })
    }

    proptest! {
        #[test]
        fn lines_come_back_and_no_word_is_hidden(lines in prop::collection::vec(any_line(), 0..60)) {
            let bytes = write(&lines);
            let packed = pack(&bytes, FAST);
            prop_assert!(unpack(&packed, bytes.len()).is_some_and(|unpacked| unpacked == bytes));
            prop_assert_eq!(read(&bytes), Some(lines.clone()));
            let filter = write_filter(&lines);
            for line in &lines {
                words::hashes(&line.text, &mut String::new(), |hash| assert!(may_have(&filter, &[hash])));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
            let _ = unpack(&bytes, 1_000);
        }
    }

    #[test]
    fn a_word_that_is_not_there_is_seldom_taken_for_one_that_is() {
        let lines: Vec<KeptLine> = (0..1_000)
            .map(|number| KeptLine { text: format!("word{number} is here"), ..KeptLine::default() })
            .collect();
        let filter = write_filter(&lines);
        let mut wrong = 0;
        for number in 0..10_000 {
            words::hashes(&format!("other{number}"), &mut String::new(), |hash| {
                wrong += usize::from(may_have(&filter, &[hash]));
            });
        }
        assert!(wrong < 100, "{wrong} of 10,000");
    }
}
