//! The last five minutes of the metrics that have a trend, in a bounded place: wasm memory never shrinks.

use std::collections::VecDeque;

use common::{Sample, history};

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

#[derive(Debug, Clone, PartialEq)]
struct SampleRow {
    at: u64,
    /// One value for each of the ring's metrics.
    values: Vec<Option<f32>>,
}

/// The ring: rows rising in time, one value a metric, absent where it was not measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    metrics: Vec<&'static str>,
    rows: VecDeque<SampleRow>,
}

impl Ring {
    /// An empty ring for the metrics with these ids.
    pub(super) fn new(metrics: Vec<&'static str>) -> Self {
        Self { metrics, rows: VecDeque::new() }
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
            let values = self.row(&|metric| sample.total(metric));
            self.rows.push_back(SampleRow { at: sample.at, values });
            self.trim();
        }
    }

    /// Adds what the server still knows; rows that are already there stay as they are.
    pub fn merge(&mut self, at: &[u64], columns: &history::Columns) {
        // Into its place one by one: a sort would be as much code again as all of this.
        for (index, &at) in at.iter().enumerate() {
            if let Err(place) = self.rows.binary_search_by_key(&at, |row| row.at) {
                let values = self.row(&|metric| columns.get(metric)?.get(index).copied().flatten());
                self.rows.insert(place, SampleRow { at, values });
            }
        }
        self.trim();
    }

    /// The points of a metric in the last `span_ms`, as charts take them.
    #[must_use]
    pub fn points(&self, metric: &str, span_ms: u64) -> Vec<(f64, Option<f64>)> {
        let Some(place) = self.metrics.iter().position(|known| *known == metric) else { return Vec::new() };
        self.last(span_ms).map(|row| (row.at as f64, row.values[place].map(f64::from))).collect()
    }

    fn last(&self, span_ms: u64) -> impl Iterator<Item = &SampleRow> {
        let from = self.newest().unwrap_or(0).saturating_sub(span_ms);
        self.rows.iter().skip_while(move |row| row.at < from)
    }

    fn row(&self, value: &dyn Fn(&'static str) -> Option<f64>) -> Vec<Option<f32>> {
        self.metrics.iter().map(|metric| value(metric).map(|value| value as f32)).collect()
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
        Sample { at, values: [(SeriesKey::of("cpu.total"), cpu)].into(), ..Sample::default() }
    }

    #[test]
    fn the_ring_is_bounded_in_rows_and_in_time() {
        let mut ring = Ring::new(vec!["cpu.total", "disk.percent"]);
        for step in 0..5000 {
            ring.push(&sample(step * 100, 1.0));
        }
        assert!(ring.rows.len() <= CAPACITY);
        ring.push(&sample(5_000_000, 2.0));
        assert_eq!(ring.points("cpu.total", SPAN_MS), [(5_000_000.0, Some(2.0))]);
    }

    #[test]
    fn older_samples_do_not_step_back() {
        let mut ring = Ring::new(vec!["cpu.total", "disk.percent"]);
        ring.push(&sample(1000, 1.0));
        ring.push(&sample(1000, 9.0));
        ring.push(&sample(500, 9.0));
        assert_eq!(ring.points("cpu.total", SPAN_MS), [(1000.0, Some(1.0))]);
    }

    #[test]
    fn a_clock_set_back_begins_anew() {
        let mut ring = Ring::new(vec!["cpu.total", "disk.percent"]);
        ring.push(&sample(60_000, 1.0));
        ring.push(&sample(50_000, 2.0));
        ring.push(&sample(50_500, 3.0));
        assert_eq!(ring.points("cpu.total", SPAN_MS), [(50_000.0, Some(2.0)), (50_500.0, Some(3.0))]);
    }

    #[test]
    fn history_fills_the_hole_and_changes_nothing_else() {
        let mut ring = Ring::new(vec!["cpu.total", "disk.percent"]);
        ring.push(&sample(1000, 1.0));
        ring.push(&sample(4000, 4.0));
        let values = [("cpu.total".into(), vec![Some(9.0), Some(2.0), None])].into();
        ring.merge(&[1000, 2000, 3000], &values);
        let points = ring.points("cpu.total", SPAN_MS);
        assert_eq!(points, [(1000.0, Some(1.0)), (2000.0, Some(2.0)), (3000.0, None), (4000.0, Some(4.0))]);
        assert_eq!(ring.points("cpu.total", 1000).len(), 2);
    }
}
