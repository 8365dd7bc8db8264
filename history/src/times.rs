//! A column of times: on a grid it takes a few bytes, and next to nothing for each gap.
//!
//! The first time, and the differences: tag 0 and a number, which all are; tag 1, a number of runs and of each run a difference and how
//! often it comes; tag 2 and a column of them.

use crate::{
    bytes::{Bytes, put, put_signed},
    column::{Effort, MOST, column, put_column},
};

const GRID: u8 = 0;
const RUNS: u8 = 1;
const COLUMN: u8 = 2;

/// Appends times, of which there is one at least and each later than the one before.
pub(crate) fn put_times(out: &mut Vec<u8>, times: &[i64], effort: Effort) {
    put_signed(out, times.first().copied().unwrap_or(0));
    let differences: Vec<i64> = times.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    let runs = differences.chunk_by(|a, b| a == b).count();
    if runs <= 1 {
        out.push(GRID);
        put(out, differences.first().map_or(0, |step| *step as u64));
    } else if runs <= differences.len() / 8 {
        out.push(RUNS);
        put(out, runs as u64);
        for run in differences.chunk_by(|a, b| a == b) {
            put(out, run[0] as u64);
            put(out, run.len() as u64);
        }
    } else {
        out.push(COLUMN);
        put_column(out, &differences, effort);
    }
}

/// Reads so many times that [`put_times`] wrote: each is later than the one before.
pub(crate) fn times(bytes: &mut Bytes<'_>, count: usize) -> Option<Vec<i64>> {
    if count == 0 || count > MOST {
        return None;
    }
    let mut last = bytes.signed()?;
    let mut times = Vec::with_capacity(count);
    times.push(last);
    let mut push = |difference: i64| {
        last = last.checked_add(difference).filter(|_| difference > 0)?;
        times.push(last);
        Some(())
    };
    match bytes.byte()? {
        GRID => {
            let step = i64::try_from(bytes.number()?).ok()?;
            (1..count).try_for_each(|_| push(step))?;
        }
        RUNS => {
            let mut left = count - 1;
            for _ in 0..bytes.number()? {
                let step = i64::try_from(bytes.number()?).ok()?;
                let length = usize::try_from(bytes.number()?).ok()?;
                left = left.checked_sub(length).filter(|_| length > 0)?;
                (0..length).try_for_each(|_| push(step))?;
            }
        }
        COLUMN => column(bytes, count - 1)?.into_iter().try_for_each(&mut push)?,
        _ => return None,
    }
    (times.len() == count).then_some(times)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_come_back(start in -1_000_000_i64..1_000_000, steps in prop::collection::vec(1_i64..5_000, 0..300), grid in any::<bool>()) {
            let mut all = vec![start];
            for step in steps {
                let step = if grid { 1_000 + step / 4_900 } else { step };
                all.push(all[all.len() - 1] + step);
            }
            let mut out = Vec::new();
            put_times(&mut out, &all, Effort::Small);
            let mut bytes = Bytes(&out);
            prop_assert_eq!(times(&mut bytes, all.len()), Some(all));
            prop_assert!(bytes.0.is_empty());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), count in 0_usize..20_000) {
            if let Some(times) = times(&mut Bytes(&bytes), count) {
                prop_assert!(times.is_sorted_by(|a, b| a < b));
            }
        }
    }

    #[test]
    fn times_on_a_grid_take_a_few_bytes() {
        let mut all: Vec<i64> = (0..3_600).map(|n| 1_800_000_000_000 + n * 1_000).collect();
        let mut out = Vec::new();
        put_times(&mut out, &all, Effort::Small);
        assert!(out.len() <= 10, "{}", out.len());
        all.drain(1_000..1_010);
        all.drain(2_000..2_100);
        out.clear();
        put_times(&mut out, &all, Effort::Small);
        assert!(out.len() <= 32, "{}", out.len());
    }
}
