//! Collectors write their values into a [`Readings`].

use common::{Sample, host::Names, metric::Metric, series::SeriesKey};

/// One series has at most this many mounts, disks, interfaces or sensors: a bound on what a machine with thousands of
/// them sends every second. How many are left out is told.
pub(super) const MOST_NAMED: usize = 64;

/// At most this many cores are listed one by one.
pub(super) const MOST_CORES: usize = 256;

/// The level of detail of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Only what history keeps: no one is watching.
    Trends,
    /// Everything.
    Full,
}

/// The values of one moment while they are gathered.
#[derive(Debug)]
pub(crate) struct Readings {
    sample: Sample,
    names: Names,
    detail: Detail,
}

impl Readings {
    /// Nothing measured yet. `at` is the wall clock, for those who read. Rates go by the other clock, at the moment in which their
    /// counters are read.
    pub(crate) fn new(at: u64, detail: Detail) -> Self {
        Self { sample: Sample { at, ..Sample::default() }, names: Names::default(), detail }
    }

    /// Returns the measured values as a sample.
    #[cfg(test)]
    pub(crate) fn into_sample(self) -> Sample {
        self.sample
    }

    /// Returns the measured values as a sample, and the names for people.
    pub(crate) fn into_parts(self) -> (Sample, Names) {
        (self.sample, self.names)
    }

    /// Gives a label's value a name for people, if that is another one.
    pub(super) fn name(&mut self, label: &str, name: &str) {
        if label != name {
            self.names.insert(label.to_owned(), name.to_owned());
        }
    }

    /// Returns true if more than the trends is wanted.
    pub(super) fn in_full(&self) -> bool {
        self.detail == Detail::Full
    }

    /// Enters the value of a metric without labels, or its total, if there is one.
    pub(super) fn set(&mut self, metric: &Metric, value: impl Into<Option<f64>>) {
        self.insert(SeriesKey::of(metric.id), value.into());
    }

    /// Enters the values of cores, by core number.
    pub(super) fn set_cores(&mut self, metric: &Metric, values: impl IntoIterator<Item = (u32, f64)>) {
        for (core, value) in values.into_iter().take(MOST_CORES) {
            self.insert(SeriesKey::labelled(metric.id, core), Some(value));
        }
    }

    /// Enters the value of the series with this label, if there is one; [`MOST_NAMED`] is for the caller to keep, who knows which come
    /// first, and so is that no two things have one label.
    pub(super) fn set_labelled(&mut self, metric: &Metric, label: &str, value: impl Into<Option<f64>>) {
        self.insert(SeriesKey::labelled(metric.id, label), value.into());
    }

    /// Enters that a metric, or the series with this label, has given no answer since that moment, milliseconds since 1970.
    pub(super) fn no_answer(&mut self, metric: &Metric, label: Option<&str>, since: u64) {
        self.sample.no_answer.insert(SeriesKey::labelled(metric.id, label.unwrap_or_default()), since as f64);
    }

    /// Enters how many series of a metric are not told one by one.
    pub(super) fn left_out(&mut self, metric: &Metric, count: usize) {
        if count > 0 && self.in_full() {
            self.sample.left_out.insert(SeriesKey::of(metric.id), count as f64);
        }
    }

    /// Two decimals are below the noise in every unit, and keep what goes over the wire short.
    fn insert(&mut self, key: SeriesKey, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.sample.values.insert(key, (value * 100.0).round() / 100.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use common::metric::{LocalizedText, Unit};

    use super::*;

    #[test]
    fn what_is_no_number_is_absent() {
        let mut readings = Readings::new(1, Detail::Full);
        let metric = |id| Metric::gauge(id, Unit::Percent, LocalizedText::new("Name", "이름"));
        readings.set(&metric("a"), f64::NAN);
        readings.set(&metric("b"), f64::INFINITY);
        readings.set(&metric("c"), None);
        readings.set(&metric("d"), 1.0 / 3.0);
        readings.set_labelled(&metric("e"), "x", None);
        readings.set_cores(&metric("f"), (0..1_000).map(|core| (core, 1.0)));
        let sample = readings.into_sample();
        assert_eq!(sample.value("d"), Some(0.33));
        assert_eq!(sample.values.instances("f").count(), MOST_CORES);
        assert_eq!(sample.values.len(), 1 + MOST_CORES);
    }
}
