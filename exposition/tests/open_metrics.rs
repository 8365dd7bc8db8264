//! Rules of OpenMetrics 1.0.0, with its sections.

mod common;

use std::borrow::Cow;

use common::{OPEN_METRICS, check_lines, faults, open_metrics, read};
use exposition::{Limits, Reader};

#[test]
fn timestamps_are_seconds_and_exemplars_are_passed_over() {
    check_lines(
        OPEN_METRICS,
        &[
            // "Timestamps": seconds, decimal; the digits are rounded, not the double.
            ("a 1 1520879607.789", Ok("Untyped a 1.0 @1520879607789")),
            ("a 1 1785000001.0005", Ok("Untyped a 1.0 @1785000001001")),
            ("a 1 -0.5", Ok("Untyped a 1.0 @-500")),
            ("a 1 1.520879607789e9", Ok("Untyped a 1.0 @1520879607789")),
            ("a 1 NaN", Err("`NaN` is not a timestamp")),
            ("a 1 1_0", Err("`1_0` is not a timestamp")),
            ("a 1 9e99", Err("`9e99` is not a timestamp")),
            // "Exemplars".
            ("a_bucket{le=\"1\"} 1 # {trace_id=\"KOO\"} 0.67", Ok("Untyped a_bucket le=1 1.0")),
            ("a_total 1 5 # {} 0.5 1520879607.789", Ok("Untyped a_total 1.0 @5000")),
            ("a 1 # {x=\"# {\\\"\"} 1", Ok("Untyped a 1.0")),
            ("a 1# {} 1", Err("the value `1#` is not a number")),
            ("a 1 5 6", Err("`6` follows the sample")),
            // "ABNF": `realnumber`, in any case.
            ("a infinity", Ok("Untyped a inf")),
            ("a 0x1p3", Err("the value `0x1p3` is not a number")),
        ],
    );
}

#[test]
fn types_give_names_their_suffixes() {
    // "Metric Types".
    let (lines, report) = open_metrics(
        "# TYPE c counter\n# HELP c Help\nc_total 1\nc_created 1.7e9\nc 2\n\
         # TYPE g gauge\ng 3\n\
         # TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 2\nh_created 1.7e9\n\
         # TYPE q gaugehistogram\nq_bucket{le=\"+Inf\"} 1\nq_gcount 1\nq_gsum 2\n\
         # TYPE s summary\ns{quantile=\"0.9\"} 4\ns_count 5\ns_sum 6\ns_created 1.7e9\n\
         # TYPE i info\ni_info{version=\"1\"} 1\n\
         # TYPE e stateset\ne{e=\"up\"} 1\ne{e=\"down\"} 0\n\
         # TYPE u unknown\nu 7\n\
         # TYPE \"서버.요청 수\" counter\n{\"서버.요청 수_total\"} 8\n{\"서버.요청 수_created\"} 1.7e9\n\
         q_gcount{late=\"1\"} 9\ni_info{late=\"1\"} 1\nc_total{late=\"1\"} 9\nq_gsum{late=\"1\"} 9\n# EOF\n",
    );
    let wanted = [
        "Counter c_total 1.0",
        "Counter c 2.0",
        "Gauge g 3.0",
        "Histogram h_bucket le=+Inf 1.0",
        "Histogram h_count 1.0",
        "Histogram h_sum 2.0",
        "GaugeHistogram q_bucket le=+Inf 1.0",
        "GaugeHistogram q_gcount 1.0",
        "GaugeHistogram q_gsum 2.0",
        "Summary s quantile=0.9 4.0",
        "Summary s_count 5.0",
        "Summary s_sum 6.0",
        "Info i_info version=1 1.0",
        "StateSet e e=up 1.0",
        "StateSet e e=down 0.0",
        "Untyped u 7.0",
        "Counter 서버.요청 수_total 8.0",
        "GaugeHistogram q_gcount late=1 9.0",
        "Info i_info late=1 1.0",
        "Counter c_total late=1 9.0",
        "GaugeHistogram q_gsum late=1 9.0",
    ];
    assert_eq!((lines, faults(&report)), (wanted.map(str::to_owned).to_vec(), vec![]));
    assert_eq!((report.hidden, report.cut_off), (4, false));
}

#[test]
fn only_some_numbers_are_cumulative() {
    let body = b"# TYPE c counter\nc_total 1\n# TYPE g gauge\ng 1\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\nh_sum 1\n\
        # TYPE q gaugehistogram\nq_bucket{le=\"1\"} 1\nq_gcount 1\n# TYPE s summary\ns{quantile=\"0.9\"} 1\ns_count 1\ns_sum 1\n\
        # TYPE i info\ni_info{v=\"1\"} 1\n# TYPE e stateset\ne{e=\"up\"} 1\nu_total 1\n# EOF\n";
    let mut reader = Reader::new(Some(OPEN_METRICS), body, Limits::default()).expect("a known type");
    let mut cumulative = Vec::new();
    while let Some(sample) = reader.next_sample() {
        if sample.is_cumulative() {
            cumulative.push(sample.name.to_owned());
        }
    }
    assert_eq!(cumulative, ["c_total", "h_bucket", "h_count", "h_sum", "s_count", "s_sum"]);
    assert_eq!(reader.finish().samples, 13);
}

#[test]
fn a_family_has_help_and_a_unit() {
    // "Unit" and "Help": escapes as in the values of labels.
    let body = "# HELP a_seconds One \\\\ two\\nthree \\\"four\\\"\n# UNIT a_seconds seconds\n# TYPE a_seconds gauge\na_seconds 1\n\
                b 2\n# TYPE c gauge\n# UNIT c \n# HELP c\nc 3\n# HELP d \n# HELP d Late\nd 4\n# EOF\n";
    let mut reader =
        Reader::new(Some(OPEN_METRICS), body.as_bytes(), Limits::default()).expect("a known type");
    let mut seen = Vec::new();
    while let Some(sample) = reader.next_sample() {
        let family = sample.family;
        seen.push((
            family.name().to_owned(),
            family.help().map(Cow::into_owned),
            family.unit().map(str::to_owned),
            sample.line,
        ));
    }
    let wanted = [
        ("a_seconds", Some("One \\ two\nthree \"four\""), Some("seconds"), 4),
        ("b", None, None, 5),
        // "MetricFamily metadata": an empty one is none.
        ("c", None, None, 9),
        ("d", Some("Late"), None, 12),
    ];
    let wanted = wanted.map(|(name, help, unit, line)| {
        (name.to_owned(), help.map(str::to_owned), unit.map(str::to_owned), line)
    });
    assert_eq!((seen, faults(&reader.finish())), (wanted.to_vec(), vec![]));
}

#[test]
fn a_body_without_its_end_is_told_and_kept() {
    // "Overall Structure": the exposition must end with EOF.
    for (body, samples, faulty_lines, cut_off) in [
        ("a 1\nb 2\n# EOF\n", 2, 0, false),
        ("a 1\nb 2\n# EOF", 2, 0, false),
        ("# EOF\n", 0, 0, false),
        ("a 1\nb 2\n", 2, 0, true),
        ("a 1\nb 2\n# EO", 2, 0, true),
        ("a 1\nb 2", 1, 1, true),
        ("", 0, 0, true),
    ] {
        let (lines, report) = open_metrics(body);
        assert_eq!(
            (lines.len(), report.faulty_lines, report.cut_off),
            (samples, faulty_lines, cut_off),
            "{body}"
        );
    }
    // Whatever is wrong with half a line, its other half is missing. "서" begins with 0xec.
    for last in [&b"b 2"[..], b"b{c=\"\xec", b"# TYPE b", b"# HELP", b"# UNIT 1b"] {
        let body = [b"a 1\n", last].concat();
        let (lines, report) = read(OPEN_METRICS, &body, Limits::default());
        assert_eq!((lines.len(), report.cut_off), (1, true));
        assert_eq!(faults(&report), ["line 2: the body is cut off in it"], "{}", last.escape_ascii());
    }
}

#[test]
fn a_series_may_have_points_at_several_times() {
    // "MetricPoint". What has no time, or one time twice, stands twice.
    let (lines, report) = open_metrics(
        "# TYPE s summary\ns_count{a=\"b\"} 1 123\ns_sum{a=\"b\"} 2 123\ns_count{a=\"b\"} 3 456\ns_sum{a=\"b\"} 4 456\n\
         # TYPE g gauge\ng 17.0 123\ng 18.0 456\ng 19.0 456.0\ng{a=\"b\"} 1\ng{a=\"b\"} 2\n# EOF\n",
    );
    let wanted = [
        "Summary s_count a=b 1.0 @123000",
        "Summary s_sum a=b 2.0 @123000",
        "Summary s_count a=b 3.0 @456000",
        "Summary s_sum a=b 4.0 @456000",
        "Gauge g 17.0 @123000",
        "Gauge g 18.0 @456000",
        "Gauge g a=b 1.0",
    ];
    assert_eq!(lines, wanted);
    assert_eq!(
        faults(&report),
        [
            "line 9: the series `g` stands twice in the body: the first one counts",
            "line 11: the series `g{a=\"b\"}` stands twice in the body: the first one counts",
        ]
    );
}

#[test]
fn points_beyond_the_limit_are_left_out() {
    let limits = Limits { samples: 3, ..Limits::default() };
    let body = b"a 1 1\na 2 2\na 3 3\na 4 4\na 5 5\na 1 1\n# EOF\n";
    let (lines, report) = read(OPEN_METRICS, body, limits);
    assert_eq!((lines.len(), report.over_limit, report.faulty_lines), (3, 2, 1));
}

#[test]
fn lines_after_the_end_are_not_read() {
    let (lines, report) = open_metrics("a 1\n# EOF\n\nb 2\n# TYPE c gauge\nc 3\n");
    assert_eq!(lines, ["Untyped a 1.0"]);
    assert_eq!(faults(&report), ["line 4: it follows `# EOF`, and so do all lines after it"]);
    assert_eq!((report.lines, report.faulty_lines, report.cut_off), (6, 3, false));
}

#[test]
fn blank_lines_and_comments_are_passed_over() {
    // Both are forbidden ("ABNF"), and do no harm.
    let (lines, report) = open_metrics("# TYPE a gauge\na 1\n\n# a word\nb 2\n# EOF\n");
    assert_eq!((lines.len(), report.faulty_lines), (2, 0));
}
