//! Checks the reader with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion, and `tests/corpus.rs` runs
//! the same function on the bytes that it has found.

use std::fmt::Write;

use crate::{Filter, Format, Limits, Reader, Sample};

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[("exposition", exposition)];

const TEXT: &str = "text/plain; version=1.0.0";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0";

/// Small limits, so that short bytes meet them.
const LIMITS: Limits =
    Limits { samples: 12, labels: 4, name_bytes: 60, value_bytes: 80, line_bytes: 300, faults: 3 };

/// Checks the bytes as a body of each format, as a content type and as a pattern.
pub fn exposition(bytes: &[u8]) {
    read(TEXT, bytes);
    read(OPEN_METRICS, bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = Format::of_content_type(Some(text));
        let (pattern, name) = text.split_once('\n').unwrap_or((text, ""));
        if let Ok(filter) = Filter::new([pattern]) {
            let (is_denied, pattern) =
                pattern.strip_prefix('!').map_or((false, pattern), |pattern| (true, pattern));
            assert_eq!(filter.keeps(name), is_denied != fits(pattern.as_bytes(), name.as_bytes()));
        }
    }
}

/// Matches a pattern byte by byte: `row[n]` is true if what is read of the pattern fits the first `n` bytes of the name.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let mut row = vec![false; name.len() + 1];
    row[0] = true;
    for letter in pattern {
        if *letter == b'*' {
            let first = row.iter().position(|fits| *fits).unwrap_or(row.len());
            row[first..].fill(true);
        } else {
            for n in (1..row.len()).rev() {
                row[n] = row[n - 1] && name[n - 1] == *letter;
            }
            row[0] = false;
        }
    }
    row[name.len()]
}

fn read(content_type: &str, body: &[u8]) {
    let (mut rendered, mut samples) = (String::new(), 0);
    let mut reader = Reader::new(Some(content_type), body, LIMITS).expect("a known type");
    while let Some(sample) = reader.next_sample() {
        check(&sample);
        render(&sample, content_type, &mut rendered);
        samples += 1;
    }
    let report = reader.finish();
    assert_eq!(report.samples, samples);
    assert!(samples + report.gaps <= LIMITS.samples && report.faults.len() <= LIMITS.faults + 1);
    assert!(report.faults.is_sorted_by(|a, b| a.line < b.line));
    let counted = samples + report.gaps + report.hidden + report.over_limit + report.faulty_lines;
    assert!(counted <= report.lines && report.lines <= body.len());
    for fault in &report.faults {
        assert!(fault.line <= report.lines && fault.to_string().len() < 1_200);
    }
    // Samples that are written are read again as they were.
    let mut again = String::new();
    let limits = Limits { line_bytes: usize::MAX, name_bytes: 1_000, value_bytes: 1_000, ..LIMITS };
    let mut reader = Reader::new(Some(content_type), rendered.as_bytes(), limits).expect("a known type");
    while let Some(sample) = reader.next_sample() {
        render(&sample, content_type, &mut again);
    }
    assert_eq!(again, rendered);
}

fn check(sample: &Sample<'_>) {
    assert!(!sample.name.is_empty() && sample.name.starts_with(sample.family.name()));
    assert!(sample.labels.len() <= LIMITS.labels && !sample.value.is_nan());
    assert!(sample.labels.is_sorted_by(|a, b| a.name < b.name));
    for label in sample.labels {
        assert!(!label.name.is_empty() && label.name.len() <= LIMITS.name_bytes);
        assert!(!label.value.is_empty() && label.value.len() <= LIMITS.value_bytes);
    }
}

/// Writes a sample with all names quoted, so that any name can be read again.
fn render(sample: &Sample<'_>, content_type: &str, text: &mut String) {
    let quote = |string: &str| {
        format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
    };
    text.push('{');
    text.push_str(&quote(sample.name));
    for label in sample.labels {
        text.push(',');
        text.push_str(&quote(&label.name));
        text.push('=');
        text.push_str(&quote(&label.value));
    }
    let _ = write!(text, "}} {:e}", sample.value);
    if let Some(timestamp) = sample.timestamp_ms {
        let milliseconds = if content_type == OPEN_METRICS { "e-3" } else { "" };
        let _ = write!(text, " {timestamp}{milliseconds}");
    }
    text.push('\n');
}
