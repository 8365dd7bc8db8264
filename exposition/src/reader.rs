use std::borrow::Cow;

use crate::{
    content_type::{Format, UnknownContentType},
    created::CreatedTimes,
    family::{FamilyTable, Metadata, MetricType},
    fault::{Excerpt, Fault, FaultReason},
    filter::Filter,
    limits::Limits,
    metadata::{Comment, comment},
    names::BLANKS,
    report::Report,
    sample::{Label, Sample},
    sample_line::{labels, leading_name, value_and_timestamp},
    seen::{Seen, SeenSeries},
};

/// Reads one body, sample by sample, in time that is linear in its length.
///
/// ```
/// # use exposition::{Limits, MetricType, Reader};
/// let body = "# TYPE \"서버.온도\" gauge\n{\"서버.온도\",\"위치\"=\"서울\"} 41.5\n";
/// let mut reader = Reader::new(None, body.as_bytes(), Limits::default()).expect("no type is text");
/// let sample = reader.next_sample().expect("one");
/// assert_eq!((sample.name, &*sample.labels[0].value, sample.value), ("서버.온도", "서울", 41.5));
/// assert_eq!(sample.metric_type, MetricType::Gauge);
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    format: Format,
    limits: Limits,
    filter: Option<&'a Filter>,
    created: CreatedTimes<'a>,
    families: FamilyTable<'a>,
    seen: SeenSeries,
    /// `# EOF` has been read.
    has_ended: bool,
    report: Report<'a>,
    /// The labels of the newest sample. They are kept for their room.
    labels: Vec<Label<'a>>,
    name: Cow<'a, str>,
}

/// The numbers of a sample, whose texts stay in the reader.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    family: usize,
    metric_type: MetricType,
    value: f64,
    timestamp_ms: Option<i64>,
}

impl<'a> Reader<'a> {
    /// Begins to read a body of the type that its `Content-Type` header names.
    ///
    /// # Errors
    ///
    /// [`UnknownContentType`], where [`Format::of_content_type`] finds no format.
    pub fn new(
        content_type: Option<&str>,
        body: &'a [u8],
        limits: Limits,
    ) -> Result<Self, UnknownContentType> {
        let format = Format::of_content_type(content_type)?;
        Ok(Self {
            rest: body,
            format,
            limits,
            filter: None,
            created: CreatedTimes::scan(body, format, &limits),
            families: FamilyTable::new(limits.samples),
            seen: SeenSeries::default(),
            has_ended: false,
            report: Report::default(),
            labels: Vec::new(),
            name: Cow::Borrowed(""),
        })
    }

    /// Leaves out samples that the filter does not keep. They count for no limit, and faults behind a bare name that is left out are not told.
    #[must_use]
    pub fn with_filter(mut self, filter: &'a Filter) -> Self {
        self.filter = Some(filter);
        // The last name was asked of another filter.
        self.name = Cow::Borrowed("");
        self
    }

    /// Returns the next sample, or none at the body's end.
    pub fn next_sample(&mut self) -> Option<Sample<'_>> {
        let numbers = self.advance()?;
        Some(Sample {
            name: &self.name,
            labels: &self.labels,
            value: numbers.value,
            timestamp_ms: numbers.timestamp_ms,
            metric_type: numbers.metric_type,
            family: self.families.get(numbers.family),
            line: self.report.lines,
        })
    }

    /// Reads the rest of the body, without its samples, and returns the counts of the whole.
    pub fn finish(mut self) -> Report<'a> {
        while self.advance().is_some() {}
        self.report.cut_off = self.format == Format::OpenMetrics && !self.has_ended;
        self.report
    }

    fn advance(&mut self) -> Option<Numbers> {
        while !self.rest.is_empty() {
            let end = memchr::memchr(b'\n', self.rest);
            let line = &self.rest[..end.unwrap_or(self.rest.len())];
            self.rest = end.map_or(&[], |end| &self.rest[end + 1..]);
            self.report.lines += 1;
            let is_cut = end.is_none() && self.format == Format::OpenMetrics && !self.has_ended;
            match self.line(line, is_cut) {
                Ok(Some(numbers)) => {
                    self.report.samples += 1;
                    return Some(numbers);
                }
                Ok(None) => {}
                // Whatever is wrong with it, its other half is missing.
                Err(reason) => self.fault(if is_cut { FaultReason::CutOff } else { reason }),
            }
        }
        None
    }

    fn fault(&mut self, reason: FaultReason<'a>) {
        self.report.faulty_lines += 1;
        let is_told = self.report.faults.last().is_some_and(|last| last.reason == FaultReason::AfterEnd);
        if !is_told && self.report.faults.len() < self.limits.faults {
            self.report.faults.push(Fault { line: self.report.lines, reason });
        }
    }

    fn line(&mut self, line: &'a [u8], is_cut: bool) -> Result<Option<Numbers>, FaultReason<'a>> {
        if line.len() > self.limits.line_bytes {
            return Err(FaultReason::LineTooLong(self.limits.line_bytes));
        }
        let line = str::from_utf8(line).map_err(|_| FaultReason::NotUtf8)?.trim_matches(BLANKS);
        if line.is_empty() {
            return Ok(None);
        }
        if self.has_ended {
            return Err(FaultReason::AfterEnd);
        }
        if let Some(text) = line.strip_prefix('#') {
            match comment(text, self.format, &self.limits)? {
                // A unit of the text format is a comment, and nothing is wrong with any.
                Comment::Family(name, unit @ Metadata::Unit(_)) if self.format == Format::Text => {
                    let _ = self.families.declare(name, unit);
                }
                Comment::Family(name, metadata) => self.families.declare(name, metadata)?,
                Comment::End => self.has_ended = true,
                Comment::Prose => {}
            }
            return Ok(None);
        }
        // The last digits of a number may be missing. Of text, Prometheus reads a last line without its end, too, and makers of their own exporters forget it.
        if is_cut {
            return Err(FaultReason::CutOff);
        }
        self.sample(line)
    }

    fn sample(&mut self, line: &'a str) -> Result<Option<Numbers>, FaultReason<'a>> {
        let (mut name, rest) = leading_name(line, &self.limits)?;
        if name.as_ref().is_some_and(|name| self.is_left_out(name)) {
            return Ok(None);
        }
        let is_quoted = name.is_none();
        let rest = labels(rest, &mut name, &mut self.labels, &self.limits)?;
        let name = name.ok_or(FaultReason::NoName)?;
        if is_quoted && self.is_left_out(&name) {
            return Ok(None);
        }
        let (value, timestamp_ms) = value_and_timestamp(rest, self.format)?;
        // A series may have several points, each with its time (OpenMetrics 1.0, "MetricPoint"). In text, each line is another series.
        let time = timestamp_ms.filter(|_| self.format == Format::OpenMetrics);
        match self.seen.insert(&name, &self.labels, time, self.limits.samples) {
            Seen::First => {}
            Seen::Again => {
                return Err(FaultReason::RepeatedSeries(Excerpt(Cow::Borrowed(series_of(line, rest)))));
            }
            Seen::Beyond => {
                self.over_limit();
                return Ok(None);
            }
        }
        if value.is_nan() {
            self.report.gaps += 1;
            return Ok(None);
        }
        let (family, metric_type) = self.families.of_sample(&name)?;
        self.name = name;
        Ok(Some(Numbers { family, metric_type, value, timestamp_ms }))
    }

    /// Returns true for a sample that nobody wants, and counts it. One with the name of the newest sample is wanted as that was.
    fn is_left_out(&mut self, name: &str) -> bool {
        if name == self.name {
            return false;
        }
        let is_filtered = self.filter.is_some_and(|filter| !filter.keeps(name));
        let is_hidden = !is_filtered && self.created.hides(name, &self.families);
        self.report.filtered += usize::from(is_filtered);
        self.report.hidden += usize::from(is_hidden);
        is_filtered || is_hidden
    }

    fn over_limit(&mut self) {
        if self.report.over_limit == 0 {
            let reason = FaultReason::TooManySamples(self.limits.samples);
            self.report.faults.push(Fault { line: self.report.lines, reason });
        }
        self.report.over_limit += 1;
    }
}

/// Returns the beginning of a line before its value.
fn series_of<'a>(line: &'a str, value: &str) -> &'a str {
    line[..line.len() - value.len()].trim_end_matches(BLANKS)
}
