//! A column of whole numbers, as small as it can be.
//!
//! A column is a tag and the rest. 0: one number, which all are. 1: differences, each a signed number. 2, 3, 4: a base, and the distances to it
//! as pco writes them, in 16, 32 or 64 bits. 5: floats as pco writes them. 6: floats of eight bytes each.

use pco::{
    ChunkConfig, DeltaSpec, ModeSpec,
    data_types::Number,
    errors::PcoResult,
    wrapped::{FileCompressor, FileDecompressor},
};

use crate::bytes::{Bytes, put, put_signed};

/// No column has more numbers: what a file says is never trusted to allocate more.
pub(crate) const MOST: usize = 16_384;
/// So few numbers are smaller as differences than with pco's bins.
const FEW: usize = 12;
const ONE: u8 = 0;
const DIFFERENCES: u8 = 1;
const BITS_16: u8 = 2;
const BITS_32: u8 = 3;
const BITS_64: u8 = 4;
const FLOATS: u8 = 5;
const PLAIN_FLOATS: u8 = 6;

/// The care that is taken to make a column small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For files that are merged within the hour.
    Fast,
    /// For files that stay.
    Small,
}

/// Appends a column of at most [`MOST`] numbers.
pub(crate) fn put_column(out: &mut Vec<u8>, numbers: &[i64], effort: Effort) {
    debug_assert!(numbers.len() <= MOST);
    let first = numbers.first().copied().unwrap_or(0);
    let (low, high) = numbers.iter().fold((first, first), |(low, high), n| (low.min(*n), high.max(*n)));
    if low == high {
        out.push(ONE);
        put_signed(out, first);
        return;
    }
    if numbers.len() <= FEW {
        put_differences(out, numbers);
        return;
    }
    let begin = out.len();
    let distance = |n: &i64| n.wrapping_sub(low) as u64;
    let delta = if effort == Effort::Fast { Some(is_walk(numbers)) } else { None };
    let packed = match distance(&high) {
        0..=0xffff => {
            out.push(BITS_16);
            put_signed(out, low);
            pack(out, &numbers.iter().map(|n| distance(n) as u16).collect::<Vec<_>>(), delta)
        }
        0x1_0000..=0xffff_ffff => {
            out.push(BITS_32);
            put_signed(out, low);
            pack(out, &numbers.iter().map(|n| distance(n) as u32).collect::<Vec<_>>(), delta)
        }
        _ => {
            out.push(BITS_64);
            put_signed(out, low);
            pack(out, &numbers.iter().map(distance).collect::<Vec<_>>(), delta)
        }
    };
    let is_long = out.len() - begin > 2 * numbers.len();
    if packed.is_err() || (is_long && numbers.len() < 16 * FEW) {
        let mut plain = Vec::new();
        put_differences(&mut plain, numbers);
        if packed.is_err() || plain.len() < out.len() - begin {
            out.truncate(begin);
            out.append(&mut plain);
        }
    }
}

/// Appends a column of at most [`MOST`] floats.
pub(crate) fn put_floats(out: &mut Vec<u8>, numbers: &[f64], effort: Effort) {
    debug_assert!(numbers.len() <= MOST);
    let begin = out.len();
    out.push(FLOATS);
    let delta = (effort == Effort::Fast).then_some(false);
    if numbers.len() <= FEW || pack(out, numbers, delta).is_err() {
        out.truncate(begin);
        out.push(PLAIN_FLOATS);
        numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
    }
}

/// Reads so many numbers that [`put_column`] wrote.
pub(crate) fn column(bytes: &mut Bytes<'_>, count: usize) -> Option<Vec<i64>> {
    if count > MOST {
        return None;
    }
    let tag = bytes.byte()?;
    if tag == DIFFERENCES {
        let mut last = 0_i64;
        return (0..count)
            .map(|_| {
                last = last.wrapping_add(bytes.signed()?);
                Some(last)
            })
            .collect();
    }
    let base = bytes.signed()?;
    match tag {
        ONE => Some(vec![base; count]),
        BITS_16 => {
            Some(unpack::<u16>(bytes, count)?.iter().map(|n| base.wrapping_add(i64::from(*n))).collect())
        }
        BITS_32 => {
            Some(unpack::<u32>(bytes, count)?.iter().map(|n| base.wrapping_add(i64::from(*n))).collect())
        }
        BITS_64 => Some(unpack::<u64>(bytes, count)?.iter().map(|n| base.wrapping_add(*n as i64)).collect()),
        _ => None,
    }
}

/// Reads so many floats that [`put_floats`] wrote. None where one of them is no number.
pub(crate) fn floats(bytes: &mut Bytes<'_>, count: usize) -> Option<Vec<f64>> {
    if count > MOST {
        return None;
    }
    let numbers = match bytes.byte()? {
        FLOATS => unpack::<f64>(bytes, count)?,
        PLAIN_FLOATS => (0..count).map(|_| bytes.float()).collect::<Option<_>>()?,
        _ => return None,
    };
    numbers.iter().all(|number| number.is_finite()).then_some(numbers)
}

fn put_differences(out: &mut Vec<u8>, numbers: &[i64]) {
    out.push(DIFFERENCES);
    let mut last = 0_i64;
    for number in numbers {
        put_signed(out, number.wrapping_sub(last));
        last = *number;
    }
}

/// Reports that neighbours are nearer to each other than to the mean.
fn is_walk(numbers: &[i64]) -> bool {
    let mean = numbers.iter().map(|n| *n as f64).sum::<f64>() / numbers.len() as f64;
    let spread: f64 = numbers.iter().map(|n| (*n as f64 - mean).abs()).sum();
    let steps: f64 = numbers.windows(2).map(|pair| (pair[1] as f64 - pair[0] as f64).abs()).sum();
    steps < spread
}

/// Appends numbers as pco writes them, behind their length. Differences are taken if that is said, and else if pco finds them smaller.
fn pack<T: Number>(out: &mut Vec<u8>, numbers: &[T], delta: Option<bool>) -> PcoResult<()> {
    let config = match delta {
        Some(is_walk) => ChunkConfig::default()
            .with_compression_level(4)
            .with_mode_spec(ModeSpec::Classic)
            .with_delta_spec(if is_walk { DeltaSpec::TryConsecutive(1) } else { DeltaSpec::NoOp }),
        None => ChunkConfig::default(),
    };
    let mut packed = Vec::new();
    let file = FileCompressor::default();
    file.write_header(&mut packed)?;
    let mut chunk = file.chunk_compressor(numbers, &config)?;
    chunk.write_meta(&mut packed)?;
    chunk.write_page(0, &mut packed)?;
    put(out, packed.len() as u64);
    out.append(&mut packed);
    Ok(())
}

/// Reads so many numbers that [`pack`] wrote.
fn unpack<T: Number + Default>(bytes: &mut Bytes<'_>, count: usize) -> Option<Vec<T>> {
    let packed = bytes.slice()?;
    let (file, rest) = FileDecompressor::new(packed).ok()?;
    let (mut chunk, rest) = file.chunk_decompressor::<T, _>(rest).ok()?;
    let mut numbers = vec![T::default(); count];
    let progress = chunk.page_decompressor(rest, count).ok()?.read(&mut numbers).ok()?;
    (progress.finished && progress.n_processed == count).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_numbers() -> impl Strategy<Value = Vec<i64>> {
        let widths = prop_oneof![Just(0_u32), Just(3), Just(12), Just(20), Just(40), Just(63)];
        (widths, any::<i64>()).prop_flat_map(|(width, base)| {
            prop::collection::vec(any::<i64>(), 1..400).prop_map(move |all| {
                all.iter().map(|n| base.wrapping_add(n & ((1_i64 << width).wrapping_sub(1)))).collect()
            })
        })
    }

    proptest! {
        #[test]
        fn columns_come_back(numbers in any_numbers(), fast in any::<bool>()) {
            let effort = if fast { Effort::Fast } else { Effort::Small };
            let mut out = Vec::new();
            put_column(&mut out, &numbers, effort);
            let mut bytes = Bytes(&out);
            prop_assert_eq!(column(&mut bytes, numbers.len()), Some(numbers));
            prop_assert!(bytes.0.is_empty());
        }

        #[test]
        fn floats_come_back(numbers in prop::collection::vec(any::<f64>().prop_filter("finite", |n| n.is_finite()), 1..200)) {
            let mut out = Vec::new();
            put_floats(&mut out, &numbers, Effort::Small);
            prop_assert_eq!(floats(&mut Bytes(&out), numbers.len()), Some(numbers));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), count in 0_usize..20_000) {
            let _ = column(&mut Bytes(&bytes), count);
            let _ = floats(&mut Bytes(&bytes), count);
        }

        #[test]
        fn no_change_of_a_column_makes_it_panic(
            numbers in any_numbers(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            count in 0_usize..1_000,
        ) {
            let mut out = Vec::new();
            put_column(&mut out, &numbers, Effort::Small);
            for (place, byte) in changes {
                let place = place.index(out.len());
                out[place] = byte;
            }
            let _ = column(&mut Bytes(&out), count);
        }
    }
}
