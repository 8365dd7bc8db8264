//! Rates of what only grows.

use std::{collections::HashMap, time::Instant};

use crate::{answer::ScrapedSeries, labels::write_key};

/// Makes rates of one target's counters, from one scrape to the next. It keeps a number for each counter of the last scrape, and no more.
#[derive(Debug, Default)]
pub struct Rates {
    last: HashMap<String, CounterState>,
    /// The number of the scrape, which tells the counters that it had from those that are gone.
    round: u64,
    /// The key of one series. It is kept for its room.
    key: String,
}

/// A number that is ready to be shown or kept.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredSeries {
    /// The name of the metric, with its suffix.
    pub metric: String,
    /// The labels, as [`ScrapedSeries`] has them.
    pub labels: String,
    /// The number; of a counter, its growth per second.
    pub value: f64,
    /// The number is a rate, per second.
    pub is_rate: bool,
}

#[derive(Debug, Clone, Copy)]
struct CounterState {
    value: f64,
    seen: Instant,
    timestamp_ms: Option<i64>,
    round: u64,
}

impl Rates {
    /// Takes the series of a scrape that was [started](crate::Scrape::started) at a moment, and returns what they measure.
    ///
    /// Gauges come as they are. A counter comes as its growth per second since the scrape before, by the time that has really passed: by the numbers' own
    /// timestamps where both have one, else by the moments of the scrapes. It does not come at its first scrape, nor when it is less than before: its
    /// process has restarted then, and it starts anew. A counter that a scrape does not have is forgotten. One whose own timestamp has not moved has not
    /// been measured since, and waits.
    pub fn update(&mut self, started: Instant, series: Vec<ScrapedSeries>) -> Vec<MeasuredSeries> {
        self.round += 1;
        let mut measured = Vec::with_capacity(series.len());
        for series in series {
            let value = if series.is_counter { self.rate(started, &series) } else { Some(series.value) };
            if let Some(value) = value {
                let ScrapedSeries { metric, labels, is_counter, .. } = series;
                measured.push(MeasuredSeries { metric, labels, value, is_rate: is_counter });
            }
        }
        self.last.retain(|_, state| state.round == self.round);
        measured
    }

    fn rate(&mut self, started: Instant, series: &ScrapedSeries) -> Option<f64> {
        let new = CounterState {
            value: series.value,
            seen: started,
            timestamp_ms: series.timestamp_ms,
            round: self.round,
        };
        write_key(&mut self.key, &series.metric, &series.labels);
        let Some(last) = self.last.get_mut(&self.key) else {
            self.last.insert(self.key.clone(), new);
            return None;
        };
        let seconds = match (last.timestamp_ms, new.timestamp_ms) {
            (Some(before), Some(now)) if now <= before && new.value >= last.value => {
                last.round = self.round;
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "a difference of milliseconds is small")]
            (Some(before), Some(now)) => now.saturating_sub(before) as f64 / 1_000.0,
            _ => new.seen.saturating_duration_since(last.seen).as_secs_f64(),
        };
        let growth = new.value - last.value;
        *last = new;
        let rate = growth / seconds;
        (growth >= 0.0 && seconds > 0.0 && rate.is_finite()).then_some(rate)
    }
}
