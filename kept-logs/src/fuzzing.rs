//! Checks the readers of parts with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion, and `tests/corpus.rs` runs
//! the same function on the bytes that it has found.

use std::path::PathBuf;

use crate::{
    block, open_part,
    sealed_part::{SealedPart, put_footer},
};

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[("kept_lines", kept_lines)];

/// Checks the bytes as a block, as records of an open part, and as the footer of a sealed one.
pub fn kept_lines(bytes: &[u8]) {
    if let Some(lines) = block::read(bytes) {
        assert_eq!(
            block::read(&block::write(&lines)).as_ref(),
            Some(&lines),
            "they are written as they are read"
        );
    }
    let records: usize = open_part::records(bytes).map(|body| open_part::PREFIX + body.len()).sum();
    assert!(records <= bytes.len());
    let _ = block::may_have(bytes, &[1, u64::MAX]);
    // Random bytes never have a valid checksum.
    let Some((length, footer)) = bytes.split_first_chunk() else { return };
    let length = u64::from(u32::from_le_bytes(*length));
    let mut file = Vec::new();
    put_footer(&mut file, footer, block::FAST);
    if let Some(part) = SealedPart::parse(PathBuf::new(), length, &file, 1) {
        assert!(part.blocks.iter().all(|block| (block.source as usize) < part.sources.len()));
        assert!(part.last_at() >= part.blocks.iter().map(|block| block.latest).max().unwrap_or(0));
    }
}
