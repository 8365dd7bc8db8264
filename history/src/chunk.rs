//! A chunk: samples or buckets of one series, by columns.
//!
//! A chunk is a byte that says of which kind it is, the decimals, the number of rows, their times, and columns of numbers: whole ones, which
//! are multiples of the resolution, or floats where one of them is too large for that.

use crate::{
    bucket::Bucket,
    bytes::{Bytes, put},
    clock::SteadyClock,
    column::{self, Effort, column, floats, put_column, put_floats},
    resolution::Resolution,
    sample::Sample,
    times::{put_times, times},
};

/// The most rows that are written as one chunk: a day of ten seconds is one.
pub(crate) const ROWS: usize = 9_000;
/// No bucket has more samples, so that no sum of their numbers overflows.
const LARGEST_COUNT: i64 = 1 << 48;
const SAMPLES: u8 = 0;
const FLOAT_SAMPLES: u8 = 1;
const BUCKETS: u8 = 2;
const FLOAT_BUCKETS: u8 = 3;

/// Appends a chunk of samples, in order, at most [`ROWS`] of them and one at least.
pub(crate) fn put_samples(out: &mut Vec<u8>, samples: &[Sample], resolution: Resolution, effort: Effort) {
    let scaled: Option<Vec<i64>> = samples.iter().map(|sample| resolution.scaled(sample.value)).collect();
    let kind = if scaled.is_some() { SAMPLES } else { FLOAT_SAMPLES };
    put_head(out, kind, resolution, samples.iter().map(|sample| sample.at), effort);
    match scaled {
        Some(scaled) => put_column(out, &scaled, effort),
        None => put_floats(out, &samples.iter().map(|sample| sample.value).collect::<Vec<_>>(), effort),
    }
}

/// Reads a chunk of samples, and appends them. None where these bytes are none.
pub(crate) fn samples(bytes: &[u8], out: &mut Vec<Sample>) -> Option<Resolution> {
    let mut bytes = Bytes(bytes);
    let (kind, resolution, times) = head(&mut bytes, 1)?;
    match kind {
        SAMPLES => {
            let scaled = column(&mut bytes, times.len())?;
            let value = |(at, scaled)| Sample { at, value: resolution.value(scaled) };
            out.extend(times.into_iter().zip(scaled).map(value));
        }
        FLOAT_SAMPLES => {
            let values = floats(&mut bytes, times.len())?;
            out.extend(times.into_iter().zip(values).map(|(at, value)| Sample { at, value }));
        }
        _ => return None,
    }
    Some(resolution)
}

/// Appends a chunk of buckets of a step, in order, at most [`ROWS`] of them and one at least. None of them is empty.
pub(crate) fn put_buckets(
    out: &mut Vec<u8>,
    buckets: &[Bucket],
    step: i64,
    resolution: Resolution,
    effort: Effort,
) {
    let scaled: Option<Vec<[i64; 4]>> = buckets
        .iter()
        .map(|bucket| {
            let [min, max, last, sum] = numbers(bucket).map(|number| resolution.scaled(number));
            Some([min?, max?, last?, sum?])
        })
        .collect();
    let kind = if scaled.is_some() { BUCKETS } else { FLOAT_BUCKETS };
    put_head(out, kind, resolution, buckets.iter().map(|bucket| bucket.start.div_euclid(step)), effort);
    let counts: Vec<i64> = buckets.iter().map(|bucket| bucket.count as i64).collect();
    put_column(out, &counts, effort);
    put_column(out, &buckets.iter().map(|bucket| bucket.last_at - bucket.start).collect::<Vec<_>>(), effort);
    let Some(scaled) = scaled else {
        for index in 0..4 {
            let column: Vec<f64> = buckets.iter().map(|bucket| numbers(bucket)[index]).collect();
            put_floats(out, &column, effort);
        }
        return;
    };
    // Each number as its distance to the least: these are small.
    let mut put = |number: &dyn Fn(&[i64; 4], i64) -> i64| {
        let column: Vec<i64> = scaled.iter().zip(&counts).map(|(row, count)| number(row, *count)).collect();
        put_column(out, &column, effort);
    };
    put(&|[min, ..], _| *min);
    put(&|[min, max, ..], _| max.wrapping_sub(*min));
    put(&|[min, _, last, _], _| last.wrapping_sub(*min));
    put(&|[min, .., sum], count| sum.wrapping_sub(min.wrapping_mul(count)));
}

/// Reads a chunk of buckets of a step, and appends them. None where these bytes are none.
pub(crate) fn buckets(bytes: &[u8], step: i64, out: &mut Vec<Bucket>) -> Option<Resolution> {
    let mut bytes = Bytes(bytes);
    let (kind, resolution, indices) = head(&mut bytes, step)?;
    let rows = indices.len();
    let counts = column(&mut bytes, rows)?;
    let ends = column(&mut bytes, rows)?;
    if counts.iter().any(|count| !(1..=LARGEST_COUNT).contains(count))
        || ends.iter().any(|end| !(0..step).contains(end))
    {
        return None;
    }
    let columns: [Vec<f64>; 4] = match kind {
        BUCKETS => {
            let mins = column(&mut bytes, rows)?;
            let [maxs, lasts, sums] = [(); 3].map(|()| column(&mut bytes, rows));
            let value = |(min, distance): (&i64, &i64)| resolution.value(min.wrapping_add(*distance));
            let sum = |((min, count), distance): ((&i64, &i64), &i64)| {
                resolution.value(min.wrapping_mul(*count).wrapping_add(*distance))
            };
            let sums = mins.iter().zip(&counts).zip(&sums?).map(sum).collect();
            let [maxs, lasts] = [maxs?, lasts?].map(|column| mins.iter().zip(&column).map(value).collect());
            [mins.iter().map(|min| resolution.value(*min)).collect(), maxs, lasts, sums]
        }
        FLOAT_BUCKETS => {
            let [min, max, last, sum] = [(); 4].map(|()| floats(&mut bytes, rows));
            [min?, max?, last?, sum?]
        }
        _ => return None,
    };
    for (row, index) in indices.into_iter().enumerate() {
        let start = index * step;
        let [min, max, last, sum] = [0, 1, 2, 3].map(|column: usize| columns[column][row]);
        let (last_at, count) = (start + ends[row], counts[row] as u64);
        out.push(Bucket { start, min, max, sum, last, last_at, count });
    }
    Some(resolution)
}

fn numbers(bucket: &Bucket) -> [f64; 4] {
    [bucket.min, bucket.max, bucket.last, bucket.sum]
}

fn put_head(
    out: &mut Vec<u8>,
    kind: u8,
    resolution: Resolution,
    rows: impl Iterator<Item = i64>,
    effort: Effort,
) {
    let rows: Vec<i64> = rows.collect();
    out.extend_from_slice(&[kind, resolution.get()]);
    put(out, rows.len() as u64);
    put_times(out, &rows, effort);
}

/// Reads the head, with times that are multiples of a step. None where one of them is outside of the bounds of times.
fn head(bytes: &mut Bytes<'_>, step: i64) -> Option<(u8, Resolution, Vec<i64>)> {
    let kind = bytes.byte()?;
    let resolution = Resolution::decimals(bytes.byte()?)?;
    let rows = usize::try_from(bytes.number()?).ok().filter(|rows| (1..=column::MOST).contains(rows))?;
    let times = times(bytes, rows)?;
    let (first, last) = (times.first()?.checked_mul(step)?, times.last()?.checked_mul(step)?);
    (SteadyClock::has(first) && SteadyClock::has(last)).then_some((kind, resolution, times))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bucket::of_samples;

    fn any_samples() -> impl Strategy<Value = Vec<Sample>> {
        let value = prop_oneof![8 => -1e4..1e4_f64, 1 => -1e18..1e18_f64, 4 => Just(20.0)];
        prop::collection::vec((1_i64..3_000, value), 1..300).prop_map(|rows| {
            let mut at = 1_800_000_000_000;
            rows.into_iter()
                .map(|(step, value)| {
                    at += step;
                    Sample { at, value }
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn samples_come_back(samples in any_samples(), decimals in 0_u8..=6, fast in any::<bool>()) {
            let resolution = Resolution::decimals(decimals).expect("few decimals");
            let effort = if fast { Effort::Fast } else { Effort::Small };
            let mut out = Vec::new();
            let samples: Vec<_> =
                samples.iter().map(|sample| Sample { value: resolution.round(sample.value), ..*sample }).collect();
            put_samples(&mut out, &samples, resolution, effort);
            let mut found = Vec::new();
            prop_assert_eq!(super::samples(&out, &mut found), Some(resolution));
            prop_assert_eq!(&found, &samples);
            let (mut made, mut read) = (Vec::new(), Vec::new());
            of_samples(&samples, 10_000, &mut made);
            out.clear();
            put_buckets(&mut out, &made, 10_000, resolution, effort);
            prop_assert_eq!(buckets(&out, 10_000, &mut read), Some(resolution));
            prop_assert_eq!(made.len(), read.len());
            for (made, read) in made.iter().zip(&read) {
                prop_assert!((made.sum - read.sum).abs() <= 1e-6 * made.sum.abs().max(1.0));
                prop_assert_eq!(Bucket { sum: 0.0, ..*made }, Bucket { sum: 0.0, ..*read });
            }
        }

        #[test]
        fn no_bytes_make_it_panic(
            samples in any_samples(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            random in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let mut out = Vec::new();
            put_samples(&mut out, &samples, Resolution::WHOLE, Effort::Small);
            for (place, byte) in &changes {
                let place = place.index(out.len());
                out[place] = *byte;
            }
            let _ = super::samples(&out, &mut Vec::new());
            let mut made = Vec::new();
            of_samples(&samples, 10_000, &mut made);
            out.clear();
            put_buckets(&mut out, &made, 10_000, Resolution::WHOLE, Effort::Small);
            for (place, byte) in &changes {
                let place = place.index(out.len());
                out[place] = *byte;
            }
            let _ = buckets(&out, 10_000, &mut Vec::new());
            let _ = buckets(&random, 10_000, &mut Vec::new());
            let _ = super::samples(&random, &mut Vec::new());
        }
    }
}
