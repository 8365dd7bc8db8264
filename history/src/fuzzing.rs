//! Checks the readers of files with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion, and `tests/corpus.rs` runs
//! the same function on the bytes that it has found.

use crate::{
    bucket::{of_buckets, of_samples},
    bytes::Bytes,
    chunk,
    clock::SteadyClock,
    column::{MOST, column, floats},
    folder::SealedName,
    record::{put_record, record},
    resolution::Resolution,
    sample::settle,
    sealed_file::Footer,
    stream::{self, StreamState},
    tier::Tier,
    times::times,
};

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[("kept_numbers", kept_numbers)];

/// Checks the bytes as a chunk, as columns, as records, as a stream and as a footer, past their checksums: random bytes never have a valid one.
pub fn kept_numbers(bytes: &[u8]) {
    let (mut samples, mut buckets, mut joined) = (Vec::new(), Vec::new(), Vec::new());
    if chunk::samples(bytes, &mut samples).is_some() {
        assert!(samples.iter().all(|sample| SteadyClock::has(sample.at) && sample.value.is_finite()));
        settle(&mut samples);
        of_samples(&samples, Tier::TenSeconds.step(), &mut buckets);
        assert_eq!(buckets.iter().map(|bucket| bucket.count).sum::<u64>(), samples.len() as u64);
    }
    for tier in Tier::BUCKETS {
        buckets.clear();
        if chunk::buckets(bytes, tier.step(), &mut buckets).is_some() {
            of_buckets(&buckets, Tier::Hour.step(), &mut joined);
            assert!(joined.len() <= buckets.len());
        }
    }
    let (count, rest) =
        bytes.split_first_chunk().map_or((0, bytes), |(count, rest)| (u16::from_le_bytes(*count), rest));
    let count = usize::from(count);
    assert!(column(&mut Bytes(rest), count).is_none_or(|all| all.len() == count && count <= MOST));
    assert!(floats(&mut Bytes(rest), count).is_none_or(|all| all.iter().all(|number| number.is_finite())));
    assert!(times(&mut Bytes(rest), count).is_none_or(|all| all.is_sorted_by(|a, b| a < b)));
    samples.clear();
    let _ = stream::read(bytes, &mut StreamState::default(), Resolution::WHOLE, &mut samples);
    assert!(samples.len() <= bytes.len());
    let mut written = Vec::new();
    put_record(&mut written, bytes);
    assert!(record(&written).is_some_and(|(body, rest)| body == Some(bytes) && rest.is_empty()));
    let _ = record(bytes);
    let name = SealedName { tier: Tier::Full, level: 1, hour: 500_000, number: 1 };
    if let Some(footer) = Footer::parse(bytes, name, 1 << 20) {
        let mut again = Vec::new();
        footer.put(&mut again, name);
        assert!(again.len() >= 8 && footer.blocks.iter().all(|block| block.offset <= 1 << 20));
    }
}
