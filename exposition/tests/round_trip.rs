//! Series that are written as an exporter writes them are read as they were.

mod common;

use std::collections::BTreeMap;

use common::{OPEN_METRICS, TEXT, faults};
use exposition::{Limits, Reader};
use proptest::prelude::*;

/// A series, and the ways in which it may be written.
#[derive(Debug, Clone)]
struct Series {
    labels: BTreeMap<String, String>,
    value: f64,
    timestamp_ms: Option<i64>,
    /// The name stands in the braces even if it could stand before them, and last among the labels.
    is_quoted: bool,
    is_reversed: bool,
    has_exponent: bool,
    blanks: String,
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[a-zA-Z_][a-zA-Z0-9_]{0,8}", 1 => "[ -~가-힣\n\t]{1,8}"]
        // Names with these ends belong to other families, and `__name__` is reserved.
        .prop_filter("a name of its own", |name| !name.ends_with("_created") && name != "__name__")
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => any::<f64>().prop_filter("a gap is no sample", |value| !value.is_nan()),
        2 => (-1_000_000_i64..1_000_000).prop_map(|value| value as f64),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

fn any_series() -> impl Strategy<Value = Series> {
    let labels = prop::collection::btree_map(any_name(), "[ -~가-힣\n\t]{1,12}", 0..5);
    let timestamp = prop::option::of(-4_000_000_000_000_i64..4_000_000_000_000);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), "[ \t]{0,2}");
    (labels, any_value(), timestamp, flags).prop_map(|(labels, value, timestamp_ms, flags)| {
        let (is_quoted, is_reversed, has_exponent, blanks) = flags;
        Series { labels, value, timestamp_ms, is_quoted, is_reversed, has_exponent, blanks }
    })
}

fn is_bare(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn written(name: &str, series: &Series, is_open_metrics: bool) -> String {
    let is_quoted = series.is_quoted || !is_bare(name);
    let mut items: Vec<String> = series
        .labels
        .iter()
        .map(|(label, value)| {
            let label = if is_bare(label) { label.clone() } else { quoted(label) };
            format!("{label}{0}={0}{1}", series.blanks, quoted(value))
        })
        .collect();
    if is_quoted {
        items.insert(0, quoted(name));
    }
    if series.is_reversed {
        items.reverse();
    }
    let items = items.join(&format!("{0},{0}", series.blanks));
    let mut line = if is_quoted { format!("{{{items}}}") } else { format!("{name}{{{items}}}") };
    line += &if series.has_exponent { format!(" {:e}", series.value) } else { format!(" {}", series.value) };
    if let Some(timestamp) = series.timestamp_ms {
        let (sign, size) = (if timestamp < 0 { "-" } else { "" }, timestamp.unsigned_abs());
        line += &if is_open_metrics {
            format!(" {sign}{}.{:03}", size / 1_000, size % 1_000)
        } else {
            format!(" {timestamp}")
        };
    }
    if is_open_metrics && series.is_reversed {
        line += " # {trace_id=\"a # b\"} 1 2";
    }
    line + &series.blanks + "\n"
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        families in prop::collection::btree_map(any_name(), prop::collection::vec(any_series(), 0..4), 0..6),
        is_open_metrics in any::<bool>(),
    ) {
        let mut body = String::new();
        let mut wanted = Vec::new();
        for (name, all) in &families {
            let mut seen = Vec::new();
            body += &format!("# TYPE {} gauge\n", quoted(name));
            for series in all {
                body += &written(name, series, is_open_metrics);
                let point = (&series.labels, series.timestamp_ms.filter(|_| is_open_metrics));
                if !seen.contains(&point) {
                    seen.push(point);
                    let labels: Vec<_> = series.labels.clone().into_iter().collect();
                    wanted.push((name.clone(), labels, series.value.to_bits(), series.timestamp_ms));
                }
            }
        }
        let repeated = families.values().map(Vec::len).sum::<usize>() - wanted.len();
        if is_open_metrics {
            body += "# EOF\n";
        }
        let content_type = if is_open_metrics { OPEN_METRICS } else { TEXT };
        let mut reader = Reader::new(Some(content_type), body.as_bytes(), Limits::default()).expect("a known type");
        let mut read = Vec::new();
        while let Some(sample) = reader.next_sample() {
            let labels = sample.labels.iter().map(|label| (label.name.to_string(), label.value.to_string()));
            prop_assert_eq!(sample.family.name(), sample.name);
            read.push((sample.name.to_owned(), labels.collect(), sample.value.to_bits(), sample.timestamp_ms));
        }
        let report = reader.finish();
        prop_assert_eq!(read, wanted, "{}", body);
        prop_assert_eq!(report.faulty_lines, repeated, "{:?}", faults(&report));
        prop_assert!(!report.cut_off);
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"#{}\",= \n\\aE1."[..])], 0..200)) {
        exposition::fuzzing::exposition(&bytes);
    }
}
