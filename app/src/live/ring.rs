//! The last five minutes of a few series, in a bounded place: wasm memory never shrinks.

use std::collections::VecDeque;

use common::{Sample, history, series::id};

/// The ring holds this much time, milliseconds.
pub(super) const SPAN_MS: u64 = 300_000;
/// Rows closer together would draw more points than a chart has pixels. Two samples a second, none of them quite on
/// time, are all kept.
const FINEST_MS: u64 = 375;
const CAPACITY: usize = (SPAN_MS / FINEST_MS) as usize;

/// A sample so much older than the one before it says that the server's clock was set back: the log keeps the order.
const SET_BACK_MS: u64 = 5000;

/// Returns true if a sample measured at `at` comes after one of `newest`, and the server's clock was set back in
/// between.
pub(super) fn is_set_back(at: u64, newest: u64) -> bool {
    at + SET_BACK_MS < newest
}

/// A series with a trend: a column of one of a host's two rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// The id of its series; the instances of an instanced one are added up.
    pub series: &'static str,
    pub(super) column: usize,
}

/// Columns a ring has room for.
const COLUMNS: usize = 4;
/// A ring's columns, by their place.
pub(super) type Columns = &'static [Trend];

impl Trend {
    /// Busy share of all cores.
    pub const CPU: Self = Self { series: id::CPU_TOTAL, column: 0 };
    /// Memory in use.
    pub const MEMORY: Self = Self { series: id::MEMORY_PERCENT, column: 1 };
    /// Space in use on the fullest disk.
    pub const DISK: Self = Self { series: id::DISK_PERCENT, column: 2 };
    /// Received by all interfaces.
    pub const RECEIVED: Self = Self { series: id::NETWORK_RECEIVED, column: 0 };
    /// Sent by all interfaces.
    pub const SENT: Self = Self { series: id::NETWORK_SENT, column: 1 };
    /// Read from all disks.
    pub const READ: Self = Self { series: id::DISK_READ, column: 2 };
    /// Written to all disks.
    pub const WRITTEN: Self = Self { series: id::DISK_WRITTEN, column: 3 };

    pub(super) const SHARES: Columns = &[Self::CPU, Self::MEMORY, Self::DISK];
    pub(super) const RATES: Columns = &[Self::RECEIVED, Self::SENT, Self::READ, Self::WRITTEN];
}

type Values = [Option<f32>; COLUMNS];

#[derive(Debug, Clone, Copy, PartialEq)]
struct SampleRow {
    at: u64,
    values: Values,
}

/// The ring: rows rising in time, one value a trend, absent where it was not measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    columns: Columns,
    rows: VecDeque<SampleRow>,
}

impl Ring {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, rows: VecDeque::new() }
    }

    /// When the newest row was measured.
    #[must_use]
    pub fn newest(&self) -> Option<u64> {
        self.rows.back().map(|row| row.at)
    }

    /// Adds a sample; one that is not newer than the newest row, or hardly, is left out. Where the server's clock was set back the
    /// ring begins anew: its rows are of a time that is still to come.
    pub fn push(&mut self, sample: &Sample) {
        if self.newest().is_some_and(|newest| is_set_back(sample.at, newest)) {
            self.rows.clear();
        }
        if self.newest().is_none_or(|newest| sample.at >= newest + FINEST_MS) {
            let values = self.row(|series| sample.total(series));
            self.rows.push_back(SampleRow { at: sample.at, values });
            self.trim();
        }
    }

    /// Adds what the server still knows; rows that are already there stay as they are.
    pub fn merge(&mut self, at: &[u64], columns: &history::Columns) {
        // Into its place one by one: a sort would be as much code again as all of this.
        for (index, &at) in at.iter().enumerate() {
            if let Err(place) = self.rows.binary_search_by_key(&at, |row| row.at) {
                let value = |series: &str| columns.get(series)?.get(index).copied().flatten();
                let values = self.row(value);
                self.rows.insert(place, SampleRow { at, values });
            }
        }
        self.trim();
    }

    /// The points of a trend in the last `span_ms`, as charts take them.
    #[must_use]
    pub fn points(&self, trend: Trend, span_ms: u64) -> Vec<(f64, Option<f64>)> {
        self.last(span_ms).map(|row| (row.at as f64, row.values[trend.column].map(f64::from))).collect()
    }

    fn last(&self, span_ms: u64) -> impl Iterator<Item = &SampleRow> {
        let from = self.newest().unwrap_or(0).saturating_sub(span_ms);
        self.rows.iter().skip_while(move |row| row.at < from)
    }

    fn row(&self, value: impl Fn(&'static str) -> Option<f64>) -> Values {
        let mut values = Values::default();
        for trend in self.columns {
            values[trend.column] = value(trend.series).map(|value| value as f32);
        }
        values
    }

    fn trim(&mut self) {
        let oldest = self.newest().unwrap_or(0).saturating_sub(SPAN_MS);
        while self.rows.len() > CAPACITY || self.rows.front().is_some_and(|row| row.at < oldest) {
            self.rows.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use common::series::SeriesKey;

    use super::*;

    fn sample(at: u64, cpu: f64) -> Sample {
        Sample { at, values: [(SeriesKey::of(id::CPU_TOTAL), cpu)].into(), ..Sample::default() }
    }

    #[test]
    fn the_ring_is_bounded_in_rows_and_in_time() {
        let mut ring = Ring::new(Trend::SHARES);
        for step in 0..5000 {
            ring.push(&sample(step * 100, 1.0));
        }
        assert!(ring.rows.len() <= CAPACITY);
        ring.push(&sample(5_000_000, 2.0));
        assert_eq!(ring.points(Trend::CPU, SPAN_MS), [(5_000_000.0, Some(2.0))]);
    }

    #[test]
    fn older_samples_do_not_step_back() {
        let mut ring = Ring::new(Trend::SHARES);
        ring.push(&sample(1000, 1.0));
        ring.push(&sample(1000, 9.0));
        ring.push(&sample(500, 9.0));
        assert_eq!(ring.points(Trend::CPU, SPAN_MS), [(1000.0, Some(1.0))]);
    }

    #[test]
    fn a_clock_set_back_begins_anew() {
        let mut ring = Ring::new(Trend::SHARES);
        ring.push(&sample(60_000, 1.0));
        ring.push(&sample(50_000, 2.0));
        ring.push(&sample(50_500, 3.0));
        assert_eq!(ring.points(Trend::CPU, SPAN_MS), [(50_000.0, Some(2.0)), (50_500.0, Some(3.0))]);
    }

    #[test]
    fn history_fills_the_hole_and_changes_nothing_else() {
        let mut ring = Ring::new(Trend::SHARES);
        ring.push(&sample(1000, 1.0));
        ring.push(&sample(4000, 4.0));
        let values = [(SeriesKey::of(id::CPU_TOTAL), vec![Some(9.0), Some(2.0), None])].into();
        ring.merge(&[1000, 2000, 3000], &values);
        let points = ring.points(Trend::CPU, SPAN_MS);
        assert_eq!(points, [(1000.0, Some(1.0)), (2000.0, Some(2.0)), (3000.0, None), (4000.0, Some(4.0))]);
        assert_eq!(ring.points(Trend::CPU, 1000).len(), 2);
    }
}
