//! Two directions of a flow, by device: into and out of networks, from and to disks.

use std::{collections::HashMap, ffi::OsString, time::Instant};

use common::metric::Metric;

use super::{Readings, label_value::label_value, rates::Rates, readings::MOST_NAMED};

/// The rates of each device since the reading before.
pub(super) struct Flows {
    metrics: [&'static Metric; 2],
    rates: Rates<2>,
}

impl Flows {
    /// Nothing read yet.
    pub(super) fn new(metrics: [&'static Metric; 2]) -> Self {
        Self { metrics, rates: Rates::default() }
    }

    /// Enters the total of those that are counted, and the devices one by one: those that are counted first, the busiest first, and
    /// how many there was no room for. `counters` are what was read at `now`: name, both counters, whether it is counted.
    pub(super) fn fill(
        &mut self,
        now: Instant,
        counters: impl IntoIterator<Item = (String, [u64; 2], bool)>,
        into: &mut Readings,
    ) {
        let mut counted = HashMap::new();
        let counters = counters.into_iter().map(|(name, bytes, counts)| {
            let name = OsString::from(name);
            counted.insert(name.clone(), counts);
            (name, bytes)
        });
        let counters: Vec<_> = counters.collect();
        let mut rates = self.rates.advance(now, counters);
        let is_counted = |name: &OsString| counted.get(name).copied().unwrap_or_default();
        for (direction, metric) in self.metrics.into_iter().enumerate() {
            let known =
                rates.iter().filter(|(name, _)| is_counted(name)).filter_map(|(_, rate)| rate[direction]);
            let total = known.fold(None, |sum: Option<f64>, rate| Some(sum.unwrap_or(0.0) + rate));
            into.set(metric, total);
        }
        if !into.in_full() {
            return;
        }
        rates.retain(|(_, rate)| rate.iter().any(Option::is_some));
        let busy = |rate: &[Option<f64>; 2]| rate.iter().flatten().sum::<f64>();
        rates.sort_by(|(one, one_rate), (other, other_rate)| {
            is_counted(other)
                .cmp(&is_counted(one))
                .then_with(|| busy(other_rate).total_cmp(&busy(one_rate)))
                .then_with(|| one.cmp(other))
        });
        for metric in self.metrics {
            into.left_out(metric, rates.len().saturating_sub(MOST_NAMED));
        }
        for (name, rate) in rates.into_iter().take(MOST_NAMED) {
            let name = label_value(&name);
            for (metric, rate) in self.metrics.into_iter().zip(rate) {
                into.set_labelled(metric, &name, rate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::metric::{LocalizedText, Unit};

    use super::*;
    use crate::collectors::Detail;

    const NAME: LocalizedText = LocalizedText::new("Flow", "흐름");
    const IN: Metric = Metric::rate("in", Unit::BytesPerSecond, NAME);
    const OUT: Metric = Metric::rate("out", Unit::BytesPerSecond, NAME);

    fn second_reading(first: Vec<(String, [u64; 2], bool)>, detail: Detail) -> common::Sample {
        let mut flows = Flows::new([&IN, &OUT]);
        let now = Instant::now();
        let mut readings = Readings::new(1, detail);
        flows.fill(now, first.clone(), &mut readings);
        assert!(readings.into_sample().values.is_empty(), "one reading is no rate");
        let second = first
            .into_iter()
            .enumerate()
            .map(|(n, (name, [a, b], counted))| (name, [a + n as u64 * 100, b], counted));
        let mut readings = Readings::new(2, detail);
        flows.fill(now + Duration::from_secs(1), second, &mut readings);
        readings.into_sample()
    }

    #[test]
    fn of_many_the_counted_and_the_busiest_are_told_and_the_rest_is_said() {
        let mut devices: Vec<_> = (0..70).map(|n| (format!("cali{n:02}"), [0, 0], false)).collect();
        devices.insert(0, ("eth0".to_owned(), [0, 0], true));
        let sample = second_reading(devices, Detail::Full);
        assert_eq!(sample.values.instances("in").count(), MOST_NAMED);
        assert_eq!(sample.values.get_labelled("in", "eth0"), Some(0.0), "the idle card is there");
        assert_eq!(
            sample.values.get_labelled("in", "cali69"),
            Some(7_000.0),
            "and so is the busiest of the others"
        );
        assert_eq!(sample.values.get_labelled("in", "cali00"), None);
        assert_eq!(sample.left_out.get("in"), Some(7.0));
        assert_eq!(sample.total("in"), Some(0.0), "the total is that of the card");
    }

    #[test]
    fn unwatched_only_the_total_is_told() {
        let devices = vec![("a".to_owned(), [5, 0], true), ("b".to_owned(), [7, 0], true)];
        let sample = second_reading(devices, Detail::Trends);
        assert_eq!(sample.values.len(), 2);
        assert_eq!(sample.total("in"), Some(100.0));
        assert!(sample.left_out.is_empty());
    }
}
