//! A stream of samples of one series in the order in which they come, two or three bytes each: the head of a series in memory, and the same
//! bytes in the journal.
//!
//! A sample is a number: the difference of its value to the one before (zigzag), and two flags in the lowest bits. 1: another number follows,
//! the change of the step from time to time. 2: the value is a float of eight bytes behind that, and the difference is 0.

use crate::{
    bytes::{Bytes, put, unzigzag, zigzag},
    resolution::Resolution,
    sample::Sample,
};

const OFF_GRID: u64 = 1;
const FLOAT: u64 = 2;

/// The place of a stream from which the next sample is told.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct StreamState {
    at: i64,
    step: i64,
    scaled: i64,
}

/// Appends a sample.
pub(crate) fn put_sample(out: &mut Vec<u8>, state: &mut StreamState, sample: Sample, resolution: Resolution) {
    let step = sample.at.wrapping_sub(state.at);
    let turn = step.wrapping_sub(state.step);
    let scaled = resolution.scaled(sample.value);
    // Both are multiples below 2^50, so the flags have room.
    let difference = scaled.map_or(0, |scaled| scaled - state.scaled);
    let flags = if turn == 0 { 0 } else { OFF_GRID } | if scaled.is_none() { FLOAT } else { 0 };
    put(out, zigzag(difference) << 2 | flags);
    if turn != 0 {
        put(out, zigzag(turn));
    }
    match scaled {
        Some(scaled) => state.scaled = scaled,
        None => out.extend_from_slice(&sample.value.to_le_bytes()),
    }
    (state.at, state.step) = (sample.at, step);
}

/// Reads samples and appends them. None where the bytes are no such stream; what was read until then is appended.
pub(crate) fn read(
    bytes: &[u8],
    state: &mut StreamState,
    resolution: Resolution,
    out: &mut Vec<Sample>,
) -> Option<()> {
    let mut bytes = Bytes(bytes);
    while !bytes.0.is_empty() {
        let token = bytes.number()?;
        if token & OFF_GRID != 0 {
            state.step = state.step.wrapping_add(unzigzag(bytes.number()?));
        }
        state.at = state.at.wrapping_add(state.step);
        let value = if token & FLOAT != 0 {
            bytes.float().filter(|value| value.is_finite())?
        } else {
            state.scaled = state.scaled.wrapping_add(unzigzag(token >> 2));
            resolution.value(state.scaled)
        };
        out.push(Sample { at: state.at, value });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn samples_come_back_in_pieces(
            rows in prop::collection::vec((any::<i64>(), prop_oneof![-1e3..1e3_f64, -1e300..1e300_f64]), 0..60),
            decimals in 0_u8..=6,
            cut in any::<prop::sample::Index>(),
        ) {
            let resolution = Resolution::decimals(decimals).expect("few decimals");
            let (mut out, mut state) = (Vec::new(), StreamState::default());
            let mut ends = vec![0];
            for (at, value) in &rows {
                put_sample(&mut out, &mut state, Sample { at: *at, value: *value }, resolution);
                ends.push(out.len());
            }
            let cut = ends[cut.index(ends.len())];
            let (mut found, mut again) = (Vec::new(), StreamState::default());
            prop_assert_eq!(read(&out[..cut], &mut again, resolution, &mut found), Some(()));
            prop_assert_eq!(read(&out[cut..], &mut again, resolution, &mut found), Some(()));
            prop_assert_eq!(state, again);
            let wanted: Vec<_> =
                rows.iter().map(|(at, value)| Sample { at: *at, value: resolution.round(*value) }).collect();
            prop_assert_eq!(found, wanted);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, &mut StreamState::default(), Resolution::WHOLE, &mut Vec::new());
        }
    }

    #[test]
    fn a_sample_on_the_grid_is_short() {
        let (mut out, mut state) = (Vec::new(), StreamState::default());
        for n in 0..300 {
            let sample = Sample { at: 1_800_000_000_000 + n * 1_000, value: 20.0 + (n % 7) as f64 / 10.0 };
            put_sample(&mut out, &mut state, sample, Resolution::decimals(1).expect("one"));
        }
        assert!(out.len() < 330, "{}", out.len());
    }
}
