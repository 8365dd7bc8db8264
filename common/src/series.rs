//! Series and their values at one moment. A series is (host, metric, labels): the topic names the host, a [`SeriesKey`] the rest.

mod wire;

/// A series of a host: a metric, and the values of its labels in the metric's order.
///
/// A label at the end whose value is empty is no label, as in Prometheus: the series without any label is the metric's total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// The metric, and then each label's value: never empty.
    words: Vec<String>,
}

impl SeriesKey {
    /// The series of a metric that has no label.
    #[must_use]
    pub fn of(metric: &str) -> Self {
        Self { words: vec![metric.to_owned()] }
    }

    /// The series of a metric with one label. Its value comes from outside: data, shown as text only.
    #[must_use]
    pub fn labelled(metric: &str, value: impl ToString) -> Self {
        Self::new(vec![metric.to_owned(), value.to_string()])
    }

    /// The series of a metric with these labels, in the metric's order.
    #[must_use]
    pub fn with_labels(metric: &str, labels: impl IntoIterator<Item = String>) -> Self {
        Self::new(std::iter::once(metric.to_owned()).chain(labels).collect())
    }

    /// The series of these words, of which there is one at least.
    fn new(mut words: Vec<String>) -> Self {
        while words.len() > 1 && words.last().is_some_and(String::is_empty) {
            words.pop();
        }
        Self { words }
    }

    /// The id of its metric.
    #[must_use]
    pub fn metric(&self) -> &str {
        &self.words[0]
    }

    /// The values of its labels, in the metric's order.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.words[1..]
    }
}

/// Numbers by series, in the order of their keys, each key once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeriesValues(Vec<(SeriesKey, f64)>);

/// Of equal series the last number counts.
impl FromIterator<(SeriesKey, f64)> for SeriesValues {
    fn from_iter<I: IntoIterator<Item = (SeriesKey, f64)>>(values: I) -> Self {
        let mut all: Vec<_> = values.into_iter().collect();
        // The sort is stable: of equal ones the last comes first now, and stays.
        all.reverse();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all.dedup_by(|later, kept| later.0 == kept.0);
        Self(all)
    }
}

impl SeriesValues {
    /// Enters the number of a series; the last one entered counts.
    pub fn insert(&mut self, key: SeriesKey, value: f64) {
        match self.0.binary_search_by(|known| known.0.cmp(&key)) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// The number of the series without labels.
    #[must_use]
    pub fn get(&self, metric: &str) -> Option<f64> {
        self.of(metric).find(|(key, _)| key.labels().is_empty()).map(|(_, value)| *value)
    }

    /// The number of the series with one label.
    #[must_use]
    pub fn get_labelled(&self, metric: &str, label: &str) -> Option<f64> {
        self.of(metric).find(|(key, _)| key.labels() == [label]).map(|(_, value)| *value)
    }

    /// Every series of a metric, that without labels first.
    pub fn of<'a>(&'a self, metric: &'a str) -> impl Iterator<Item = &'a (SeriesKey, f64)> {
        let first = self.0.partition_point(|(key, _)| key.metric() < metric);
        self.0[first..].iter().take_while(move |(key, _)| key.metric() == metric)
    }

    /// The series of a metric that have labels: the values of these, joined where there are several.
    pub fn instances<'a>(&'a self, metric: &'a str) -> impl Iterator<Item = (String, f64)> {
        self.of(metric)
            .filter(|(key, _)| !key.labels().is_empty())
            .map(|(key, value)| (key.labels().join(" · "), *value))
    }

    /// Every series, in order.
    pub fn iter(&self) -> impl Iterator<Item = &(SeriesKey, f64)> {
        self.0.iter()
    }

    /// The number of series.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<(SeriesKey, f64)> for SeriesValues {
    fn extend<I: IntoIterator<Item = (SeriesKey, f64)>>(&mut self, values: I) {
        values.into_iter().for_each(|(key, value)| self.insert(key, value));
    }
}

impl<const N: usize> From<[(SeriesKey, f64); N]> for SeriesValues {
    fn from(values: [(SeriesKey, f64); N]) -> Self {
        let mut all = Self::default();
        all.extend(values);
        all
    }
}
