use std::borrow::Cow;

use crate::family::{Family, MetricType};

/// A label of a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label<'a> {
    /// The name, without its quotes and escapes.
    pub name: Cow<'a, str>,
    /// The value, without its quotes and escapes; never empty.
    pub value: Cow<'a, str>,
}

/// One number of one series, which borrows from the reader until the next one is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample<'r> {
    /// The metric's name, with its suffix: `http_request_duration_seconds_bucket`.
    pub name: &'r str,
    /// The labels, sorted by their names, each name once. A label with an empty value is a label that is not there
    /// (Prometheus, "Data model") and left out.
    pub labels: &'r [Label<'r>],
    /// The number; never NaN, but perhaps infinite.
    pub value: f64,
    /// The sample's own time, in milliseconds since 1970; most have none. In OpenMetrics a series may come several times, each with another time.
    pub timestamp_ms: Option<i64>,
    /// The type of the metric. A name that its family's type does not have, such as a histogram's without a suffix, is untyped.
    pub metric_type: MetricType,
    /// The family, with its help and its unit.
    pub family: &'r Family<'r>,
    /// Number of the line, from 1.
    pub line: usize,
}

impl Sample<'_> {
    /// Returns true where the number only grows until its process restarts, so that its rate is worth showing: counters, and the buckets, counts and sums of
    /// histograms and summaries. Quantiles and all of a `gaugehistogram` go up and down.
    pub fn is_cumulative(&self) -> bool {
        match self.metric_type {
            MetricType::Counter | MetricType::Histogram => true,
            MetricType::Summary => self.name.len() > self.family.name().len(),
            MetricType::Gauge
            | MetricType::GaugeHistogram
            | MetricType::Info
            | MetricType::StateSet
            | MetricType::Untyped => false,
        }
    }
}
