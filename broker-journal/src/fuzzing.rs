//! Checks the journal's decoder with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion,
//! and `tests/corpus.rs` runs the same function on the bytes that it has found.

use std::collections::HashMap;

use crate::{
    head,
    record::{Record, Stop},
    recovery::RecoveredLog,
};

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[("journal", journal)];

/// The number of entries that a topic keeps here; a topic whose name begins with `z` keeps none.
const KEEPS: usize = 3;

/// Checks the bytes of a segment behind its magic number; the first two bytes say where to cut the segment off. The
/// decoder must return the beginning of what was written, whole or cut, and the records must make a log in order.
pub fn journal(bytes: &[u8]) {
    // Random bytes never have a valid checksum, so this tries them as they are and again with valid checksums.
    let Some((cut, bytes)) = bytes.split_first_chunk() else { return };
    let cut = usize::from(u16::from_le_bytes(*cut));
    reads(bytes, cut);
    reads(&with_checksums(bytes), cut);
    line(&String::from_utf8_lossy(bytes));
}

fn reads(bytes: &[u8], cut: usize) {
    let (records, length, stop) = read(bytes);
    let mut written = Vec::new();
    records.iter().for_each(|record| record.encode(&mut written));
    assert_eq!(written, bytes[..length], "the records are what the bytes say");
    assert_eq!(stop == Stop::End, length == bytes.len());

    let cut = cut.min(length);
    let (before, whole, stop) = read(&bytes[..cut]);
    assert_eq!(before, records[..before.len()]);
    assert_eq!(stop, if whole == cut { Stop::End } else { Stop::Torn });
    assert!(records.get(before.len()).is_none_or(|next| whole + next.length() > cut), "no more was whole");
    restored(&records);
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

/// Returns the bytes with a valid checksum wherever a record may stand.
fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut with_checksums = bytes.to_vec();
    let mut rest = &mut with_checksums[..];
    while let Some(length) = rest.first_chunk() {
        let Some(end) = (u32::from_le_bytes(*length) as usize).checked_add(8) else { break };
        let Some((record, after)) = std::mem::take(&mut rest).split_at_mut_checked(end) else { break };
        let mut crc = crc32fast::Hasher::new();
        crc.update(&record[..4]);
        crc.update(&record[8..]);
        record[4..8].copy_from_slice(&crc.finalize().to_le_bytes());
        rest = after;
    }
    with_checksums
}

/// Restored, every topic has the newest of its entries, each once and in order, and knows what it lost.
fn restored(records: &[Record<'_>]) {
    let mut restored = RecoveredLog::default();
    let mut touched = HashMap::new();
    records.iter().for_each(|record| restored.take(*record, 1, &mut touched));
    for topic in touched.values() {
        let keeps = (!topic.as_str().starts_with('z')).then_some(KEEPS);
        restored.trim(topic, keeps);
        let Some(recovered) = restored.topics.get(topic) else {
            assert!(keeps.is_none(), "{topic} is forgotten");
            continue;
        };
        assert!(recovered.entries.len() <= KEEPS);
        assert!(recovered.entries.is_sorted_by(|one, next| one.seq < next.seq));
        assert!(recovered.entries.iter().all(|entry| entry.seq > recovered.evicted_through));
        assert!(recovered.evicted_through <= restored.last);
    }
    assert!(restored.evicted_watermark <= restored.last);
}

/// Checks the file `head`: a line that parses holds the cursor that it begins with.
fn line(text: &str) {
    if let Some(found) = head::parse(text, "-") {
        assert!(text.starts_with(&format!("{} ", found.place)) && text.ends_with('\n'));
    }
}
