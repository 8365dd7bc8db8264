//! The last five minutes of the metrics that trends are drawn of, in memory of a fixed size.

use std::time::Duration;

use common::{Sample, history::Columns};

/// Trends go back this far.
const SPAN: Duration = Duration::from_secs(300);

/// The wall clock is drawn towards the right time by less than this between two samples, milliseconds; by more it was set.
const CLOCK_SET: u64 = 50;

/// Moments that come faster than this would draw more points than a chart has pixels.
const FINEST: Duration = Duration::from_millis(500);

/// A ring of moments, oldest overwritten first. Eight bytes a moment and four a metric: 14 KiB for four metrics at two a second.
#[derive(Debug)]
pub(super) struct Trends {
    metrics: Box<[&'static str]>,
    /// The time of each moment, milliseconds since 1970.
    moments: Box<[u64]>,
    /// The values of each moment, one after the other, one for each of the metrics; NaN where it was not measured. The seven digits of
    /// an `f32` are plenty for a chart.
    values: Box<[f32]>,
    /// The shortest time between two moments, milliseconds.
    step: u64,
    /// The difference between the wall clock and the monotonic clock at the last push, milliseconds.
    offset: Option<i64>,
    /// The index that the next moment is written to.
    next: usize,
    /// The number of `moments` that were measured.
    filled: usize,
}

impl Trends {
    /// Room for five minutes at one moment every `interval`.
    pub(super) fn new(metrics: impl IntoIterator<Item = &'static str>, interval: Duration) -> Self {
        let metrics: Box<[&'static str]> = metrics.into_iter().collect();
        let interval = interval.max(FINEST);
        let moments = SPAN.as_millis().div_ceil(interval.as_millis());
        let moments = usize::try_from(moments).unwrap_or(usize::MAX).max(2);
        // Rounds are never on time to the millisecond: three quarters of the way is the next one.
        let step = if interval == FINEST { 375 } else { 0 };
        Self {
            values: vec![f32::NAN; moments * metrics.len()].into(),
            metrics,
            moments: vec![0; moments].into(),
            step,
            offset: None,
            next: 0,
            filled: 0,
        }
    }

    /// Remembers a sample's trends. `offset` is how far the wall clock is now ahead of the one that is never set, milliseconds
    /// ([`collect::wall_offset_ms`]): where it was set since the last sample, the moments go with it, so that they
    /// lie as far back as they are.
    pub(super) fn push(&mut self, sample: &Sample, offset: i64) {
        let set_by = self.offset.map_or(0, |before| offset.saturating_sub(before));
        self.offset = Some(offset);
        if set_by.unsigned_abs() > CLOCK_SET {
            for moment in &mut self.moments {
                *moment = moment.saturating_add_signed(set_by);
            }
        }
        // One that was measured while the clock was set is left out: moments only rise.
        if self.newest().is_some_and(|newest| sample.at < newest.saturating_add(self.step.max(1))) {
            return;
        }
        let width = self.metrics.len();
        let values = &mut self.values[self.next * width..][..width];
        for (value, id) in values.iter_mut().zip(&self.metrics) {
            *value = sample.total(id).map_or(f32::NAN, |total| total as f32);
        }
        self.moments[self.next] = sample.at;
        self.next = (self.next + 1) % self.moments.len();
        self.filled = (self.filled + 1).min(self.moments.len());
    }

    /// The moments later than `at`, milliseconds since 1970, with the values of each metric. One that was measured in
    /// none of them is absent.
    pub(super) fn since(&self, at: u64) -> (Vec<u64>, Columns) {
        let places: Vec<usize> = self.oldest_first().filter(|&place| self.moments[place] > at).collect();
        let mut columns = Columns::new();
        for (index, id) in self.metrics.iter().enumerate() {
            let value = |&place: &usize| measured(self.values[place * self.metrics.len() + index]);
            let column: Vec<Option<f64>> = places.iter().map(value).collect();
            if column.iter().any(Option::is_some) {
                columns.insert((*id).into(), column);
            }
        }
        (places.into_iter().map(|place| self.moments[place]).collect(), columns)
    }

    /// Returns the newest value of a metric, and its time. None where the newest moment does not have it.
    pub(super) fn last(&self, metric: &str) -> Option<(u64, f64)> {
        let at = self.newest()?;
        let column = self.metrics.iter().position(|id| *id == metric)?;
        let row = (self.next + self.moments.len() - 1) % self.moments.len();
        Some((at, measured(self.values[row * self.metrics.len() + column])?))
    }

    fn newest(&self) -> Option<u64> {
        let capacity = self.moments.len();
        (self.filled > 0).then(|| self.moments[(self.next + capacity - 1) % capacity])
    }

    /// The places of the moments.
    fn oldest_first(&self) -> impl Iterator<Item = usize> {
        let capacity = self.moments.len();
        let oldest = (self.next + capacity - self.filled) % capacity;
        (0..self.filled).map(move |n| (oldest + n) % capacity)
    }
}

/// Two decimals: an `f32` widened as it stands would be written with seventeen digits.
fn measured(value: f32) -> Option<f64> {
    (!value.is_nan()).then(|| (f64::from(value) * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use common::series::SeriesKey;

    use super::*;

    const SHARES: [&str; 3] = ["cpu.total", "memory.percent", "disk.percent"];
    const RATES: [&str; 4] = ["network.received", "network.sent", "disk.read", "disk.written"];

    fn sample(at: u64, cpu: Option<f64>) -> Sample {
        let mut sample = Sample { at, ..Sample::default() };
        sample.values.extend(cpu.map(|cpu| (SeriesKey::of("cpu.total"), cpu)));
        sample
    }

    #[test]
    fn when_the_ring_is_full_the_oldest_moment_goes() {
        let mut trends = Trends::new(SHARES, Duration::from_secs(60));
        for at in 1..=12 {
            trends.push(&sample(at, Some(at as f64)), 0);
        }
        let (at, values) = trends.since(0);
        assert_eq!(at, [8, 9, 10, 11, 12]);
        let cpu: Vec<f64> = values["cpu.total"].iter().copied().flatten().collect();
        assert_eq!(cpu, [8.0, 9.0, 10.0, 11.0, 12.0]);
    }

    #[test]
    fn the_newest_value_is_that_of_the_newest_moment() {
        let mut trends = Trends::new(SHARES, Duration::from_secs(60));
        assert_eq!(trends.last("cpu.total"), None);
        for at in 1..=12 {
            trends.push(&sample(at, Some(at as f64)), 0);
        }
        assert_eq!(trends.last("cpu.total"), Some((12, 12.0)));
        assert_eq!((trends.last("disk.percent"), trends.last("no.such")), (None, None));
        trends.push(&sample(13, None), 0);
        assert_eq!(trends.last("cpu.total"), None);
    }

    #[test]
    fn only_later_moments_are_told() {
        let mut trends = Trends::new(SHARES, Duration::from_secs(60));
        assert_eq!(trends.since(0), (vec![], Columns::new()));
        for at in [10, 20, 30] {
            trends.push(&sample(at, Some(1.0)), 0);
        }
        assert_eq!(trends.since(10).0, [20, 30]);
        assert_eq!(trends.since(30).0, [0; 0]);
    }

    #[test]
    fn what_was_not_measured_is_none_and_a_series_never_measured_is_absent() {
        let mut trends = Trends::new(SHARES, Duration::from_secs(60));
        trends.push(&sample(1, None), 0);
        trends.push(&sample(2, Some(33.333_333)), 0);
        let (_, values) = trends.since(0);
        assert_eq!(values["cpu.total"], [None, Some(33.33)]);
        assert!(!values.contains_key("disk.percent"));
    }

    #[test]
    fn of_networks_and_disks_the_sum_is_remembered() {
        let mut trends = Trends::new(RATES, Duration::from_secs(2));
        let of = |id, name: &str, value: f64| (SeriesKey::labelled(id, name), value);
        let values = [
            of("network.received", "eth0", 1_250_000.0),
            of("network.received", "eth1", 1.5),
            of("disk.read", "sda", 0.0),
        ];
        trends.push(&Sample { at: 1, values: values.into(), ..Sample::default() }, 0);
        let (at, values) = trends.since(0);
        assert_eq!(at, [1]);
        assert_eq!(values["network.received"], [Some(1_250_001.5)]);
        assert_eq!(values["disk.read"], [Some(0.0)]);
        assert_eq!(values.len(), 2, "what was not measured is absent");
    }

    #[test]
    fn a_clock_that_is_set_takes_the_moments_with_it() {
        let mut trends = Trends::new(SHARES, Duration::from_millis(500));
        for n in 0..600 {
            trends.push(&sample(1_000_000 + n * 500, Some(1.0)), 77);
        }
        // Set back by 0.8 s, and measured half a second later.
        trends.push(&sample(1_299_200, Some(2.0)), 77 - 800);
        let (at, _) = trends.since(0);
        assert_eq!(at.len(), 600, "nothing is lost but the oldest");
        assert_eq!((at[0], at[598], at[599]), (999_700, 1_298_700, 1_299_200));
        assert!(at.is_sorted_by(|one, next| one < next));
        trends.push(&sample(1_299_200 + 3_600_500, Some(3.0)), 77 - 800 + 3_600_000);
        let (at, _) = trends.since(0);
        assert_eq!((at.len(), at[598], at[599]), (600, 1_299_200 + 3_600_000, 1_299_200 + 3_600_500));
    }

    #[test]
    fn a_clock_that_is_drawn_slowly_moves_nothing() {
        let mut trends = Trends::new(SHARES, Duration::from_secs(60));
        for n in 0..5_u64 {
            trends.push(&sample(60_000 * (n + 1), Some(1.0)), 30 * (n as i64 % 2));
        }
        assert_eq!(trends.since(0).0, [60_000, 120_000, 180_000, 240_000, 300_000]);
        trends.push(&sample(299_000, Some(1.0)), 0);
        assert_eq!(trends.since(0).0.len(), 5, "moments only rise");
    }

    #[test]
    fn there_is_room_for_five_minutes_at_any_interval() {
        for (millis, moments) in [(100, 600), (500, 600), (60_000, 5), (900_000, 2)] {
            assert_eq!(Trends::new(SHARES, Duration::from_millis(millis)).moments.len(), moments);
        }
    }
}
