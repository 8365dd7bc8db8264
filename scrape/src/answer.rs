//! The numbers of one answer.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use exposition::{Filter, Limits, MetricType, Reader, Report, Sample};

use crate::{
    error::ScrapeError,
    labels::{write_key, write_labels},
};

/// The most bytes of a series' metric and labels together: whoever keeps it has room for whose it is in a key of 1,024.
pub const LONGEST_KEY: usize = 960;
/// The most sentences about faults of one answer.
const MOST_FAULTS: usize = 10;

/// The numbers that an endpoint gave when it was asked once.
#[derive(Debug, Clone, PartialEq)]
pub struct Scrape {
    /// The series, in the order in which they came. No two have equal metrics and labels.
    pub series: Vec<ScrapedSeries>,
    /// The first faults of the answer, each a sentence of at most a few hundred bytes. There are at most ten.
    pub faults: Vec<String>,
    /// Lines that became no series, by their reasons.
    pub dropped: DroppedCounts,
    /// The moment when the request was sent that was answered: the best guess of when the numbers were true.
    pub started: Instant,
    /// The time that the whole took, with the connection and redirects.
    pub took: Duration,
    /// Bytes of the body as it was sent, most often compressed.
    pub wire_bytes: usize,
    /// Bytes of the body, unpacked.
    pub body_bytes: usize,
}

/// A number of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct ScrapedSeries {
    /// The name of the metric, with its suffix, such as `node_cpu_seconds_total`.
    pub metric: String,
    /// The labels, sorted by their names: `cpu="0",mode="idle"`, with `\\`, `\"` and `\n` escaped; empty where there are none. With the metric, at most
    /// [`LONGEST_KEY`] bytes.
    pub labels: String,
    /// The number, which is finite.
    pub value: f64,
    /// The type that the endpoint declares.
    pub metric_type: MetricType,
    /// The number only grows until its process restarts: its type says so, or it has no type and its name ends in `_total`.
    pub is_counter: bool,
    /// The number's own time, in milliseconds since 1970, which few endpoints send.
    pub timestamp_ms: Option<i64>,
}

/// Lines of an answer that became no series, by their reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DroppedCounts {
    /// The value is NaN or infinite: the series has no number now.
    pub gaps: usize,
    /// The patterns leave the metric out.
    pub filtered: usize,
    /// It is the time when another series began (`…_created`).
    pub created: usize,
    /// It is a bucket of a histogram, and buckets are not wanted.
    pub buckets: usize,
    /// It is beyond the most series.
    pub over_limit: usize,
    /// Its metric and labels are longer than [`LONGEST_KEY`].
    pub too_long: usize,
    /// It equals an earlier series without the labels that are left out.
    pub merged: usize,
    /// It cannot be read, or is there for the second time.
    pub faulty: usize,
}

/// The part of a target's settings that says which series are kept.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) filter: Filter,
    pub(crate) labels: Option<Vec<String>>,
    pub(crate) buckets: bool,
    pub(crate) max_series: usize,
}

/// Series, faults and counts of a body.
#[derive(Debug, Default)]
pub(crate) struct ReadBody {
    pub(crate) series: Vec<ScrapedSeries>,
    pub(crate) faults: Vec<String>,
    pub(crate) dropped: DroppedCounts,
    /// Keys of the series, where labels are left out. Elsewhere the reader has seen to it that none is there twice.
    keys: HashSet<String>,
}

impl ReadBody {
    /// Reads a whole body.
    ///
    /// # Errors
    /// When its type is none that is read, or it has lines and not one can be read.
    pub(crate) fn read(
        content_type: Option<&str>,
        body: &[u8],
        selection: &Selection,
    ) -> Result<Self, ScrapeError> {
        let mut reader = Reader::new(content_type, body, Limits::default())?.with_filter(&selection.filter);
        let mut read = Self::default();
        while let Some(sample) = reader.next_sample() {
            read.take(&sample, selection);
        }
        read.report(&reader.finish(), selection)
    }

    fn take(&mut self, sample: &Sample<'_>, selection: &Selection) {
        if !sample.value.is_finite() {
            self.dropped.gaps += 1;
            return;
        }
        if !selection.buckets && is_bucket(sample) {
            self.dropped.buckets += 1;
            return;
        }
        if self.series.len() >= selection.max_series {
            self.dropped.over_limit += 1;
            return;
        }
        let mut labels = String::new();
        match &selection.labels {
            None => write_labels(&mut labels, sample.labels.iter()),
            Some(kept) => write_labels(
                &mut labels,
                sample.labels.iter().filter(|label| kept.iter().any(|name| *name == label.name)),
            ),
        }
        if sample.name.len() + labels.len() > LONGEST_KEY {
            self.dropped.too_long += 1;
            return;
        }
        if selection.labels.is_some() {
            let mut key = String::new();
            write_key(&mut key, sample.name, &labels);
            if !self.keys.insert(key) {
                self.dropped.merged += 1;
                return;
            }
        }
        let is_counter = sample.is_cumulative()
            || sample.metric_type == MetricType::Untyped && sample.name.ends_with("_total");
        self.series.push(ScrapedSeries {
            metric: sample.name.to_owned(),
            labels,
            value: sample.value,
            metric_type: sample.metric_type,
            is_counter,
            timestamp_ms: sample.timestamp_ms,
        });
    }

    fn report(mut self, report: &Report<'_>, selection: &Selection) -> Result<Self, ScrapeError> {
        if report.samples + report.gaps + report.hidden + report.filtered == 0 && report.faulty_lines > 0 {
            let first = report.faults.first().map(ToString::to_string).unwrap_or_default();
            return Err(ScrapeError::Unreadable(first));
        }
        self.keys = HashSet::new();
        let dropped = &mut self.dropped;
        dropped.gaps += report.gaps;
        dropped.filtered = report.filtered;
        dropped.created = report.hidden;
        dropped.faulty = report.faulty_lines;
        // The faults that concern the whole come first, so that those of lines do not push them out.
        if report.cut_off {
            self.faults.push("the answer has no `# EOF` at its end: lines may be missing".to_owned());
        }
        if dropped.over_limit > 0 {
            let (count, most) = (dropped.over_limit, selection.max_series);
            self.faults.push(format!("{count} series are beyond the {most} that are kept"));
        }
        if dropped.too_long > 0 {
            let count = dropped.too_long;
            self.faults
                .push(format!("{count} series have names and labels of more than {LONGEST_KEY} bytes"));
        }
        if dropped.merged > 0 {
            let count = dropped.merged;
            self.faults.push(format!(
                "{count} series equal others without the labels that are left out: the first ones count"
            ));
        }
        dropped.over_limit += report.over_limit;
        let room = MOST_FAULTS - self.faults.len();
        self.faults.extend(report.faults.iter().take(room).map(ToString::to_string));
        Ok(self)
    }
}

/// Returns true for a bucket of a histogram, also of one whose type nobody declares. VictoriaMetrics bounds its own by `vmrange`, and declares no types.
fn is_bucket(sample: &Sample<'_>) -> bool {
    matches!(sample.metric_type, MetricType::Histogram | MetricType::GaugeHistogram | MetricType::Untyped)
        && sample.name.ends_with("_bucket")
        && sample.labels.iter().any(|label| matches!(&*label.name, "le" | "vmrange"))
}
