//! Bodies that are read, as lines that a test can compare.

#![allow(dead_code, reason = "each test uses some of it")]

use exposition::{Limits, Reader, Report, Sample};

pub(crate) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
pub(crate) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Returns a sample as `Type name label=value,… number @timestamp`.
pub(crate) fn line(sample: &Sample<'_>) -> String {
    let labels: Vec<_> =
        sample.labels.iter().map(|label| format!("{}={}", label.name, label.value)).collect();
    let mut line = format!("{:?} {}", sample.metric_type, sample.name);
    if !labels.is_empty() {
        line += &format!(" {}", labels.join(","));
    }
    line += &format!(" {:?}", sample.value);
    sample.timestamp_ms.map_or(line.clone(), |timestamp| format!("{line} @{timestamp}"))
}

pub(crate) fn read<'a>(content_type: &str, body: &'a [u8], limits: Limits) -> (Vec<String>, Report<'a>) {
    let mut reader = Reader::new(Some(content_type), body, limits).expect("a known type");
    let mut lines = Vec::new();
    while let Some(sample) = reader.next_sample() {
        lines.push(line(&sample));
    }
    (lines, reader.finish())
}

/// Reads a body in text, by the default limits.
pub(crate) fn text(body: &str) -> (Vec<String>, Report<'_>) {
    read(TEXT, body.as_bytes(), Limits::default())
}

/// Reads a body in OpenMetrics, by the default limits.
pub(crate) fn open_metrics(body: &str) -> (Vec<String>, Report<'_>) {
    read(OPEN_METRICS, body.as_bytes(), Limits::default())
}

/// Returns the faults as people read them.
pub(crate) fn faults(report: &Report<'_>) -> Vec<String> {
    report.faults.iter().map(ToString::to_string).collect()
}

/// Checks bodies of one line: each is a sample, which is compared, or a fault, whose reason is.
pub(crate) fn check_lines(content_type: &str, cases: &[(&str, Result<&str, &str>)]) {
    for (case, wanted) in cases {
        let body = format!("{case}\n{}", if content_type == OPEN_METRICS { "# EOF\n" } else { "" });
        let (lines, report) = read(content_type, body.as_bytes(), Limits::default());
        let told = faults(&report);
        let seen = match (lines.first(), told.first()) {
            (Some(line), None) => Ok(line.as_str()),
            (None, Some(fault)) => Err(fault.strip_prefix("line 1: ").expect("the first line")),
            other => panic!("{case}: {other:?}"),
        };
        assert_eq!(seen, *wanted, "{case}");
        assert_eq!((report.faulty_lines, report.samples), (told.len(), lines.len()), "{case}");
    }
}
