//! Limits, and bodies that are made to cost time.

mod common;

use std::time::Instant;

use common::{TEXT, faults, read};
use exposition::{Filter, FilterError, Limits, PatternProblem, Reader};

fn small() -> Limits {
    Limits { samples: 3, labels: 2, name_bytes: 5, value_bytes: 4, line_bytes: 60, faults: 2 }
}

#[test]
fn each_limit_is_told_and_holds() {
    let long = format!("# {}\na 1\n", "x".repeat(60));
    for (body, wanted) in [
        ("abcdef 1\na 1\n", "line 1: a name is longer than 5 bytes"),
        ("{\"abcdef\"} 1\na 1\n", "line 1: a name is longer than 5 bytes"),
        ("a{abcdef=\"b\"} 1\na 1\n", "line 1: a name is longer than 5 bytes"),
        ("# TYPE abcdef gauge\na 1\n", "line 1: a name is longer than 5 bytes"),
        ("a{b=\"12345\"} 1\na 1\n", "line 1: the value of a label is longer than 4 bytes"),
        ("a{b=\"1\",c=\"2\",d=\"3\"} 1\na 1\n", "line 1: it has more than 2 labels"),
        (&long, "line 1: it is longer than 60 bytes"),
    ] {
        let (lines, report) = read(TEXT, body.as_bytes(), small());
        assert_eq!(
            (lines, faults(&report)),
            (vec!["Untyped a 1.0".to_owned()], vec![wanted.to_owned()]),
            "{body}"
        );
    }
    let (lines, _) = read(TEXT, b"abcde{b=\"1234\",fghij=\"2\"} 1\n", small());
    assert_eq!(lines, ["Untyped abcde b=1234,fghij=2 1.0"], "a limit itself is allowed");
    let line = format!("a 1{}\n", " ".repeat(57));
    assert_eq!(read(TEXT, line.as_bytes(), small()).0, ["Untyped a 1.0"], "and that of a line");
}

#[test]
fn series_beyond_the_limit_are_counted_and_told_once() {
    let (lines, report) = read(TEXT, b"a 1\nb NaN\na 2\nx\nc 3\nd 4\nc 5\ne 6\n", small());
    assert_eq!(lines, ["Untyped a 1.0", "Untyped c 3.0"]);
    assert_eq!((report.gaps, report.over_limit, report.faulty_lines), (1, 2, 3));
    assert_eq!(
        faults(&report),
        [
            "line 3: the series `a` stands twice in the body: the first one counts",
            "line 4: a value is missing",
            "line 6: the body has more than 3 series: this one and those after it are left out",
        ]
    );
}

#[test]
fn families_beyond_the_limit_are_told() {
    let body = b"# TYPE a gauge\n# TYPE b gauge\n# TYPE c gauge\n# TYPE d gauge\nb 1\nd 2\nc 3\n";
    let (lines, report) = read(TEXT, body, small());
    assert_eq!(lines, ["Gauge b 1.0", "Gauge c 3.0"]);
    let wanted = "the body has more than 3 families of metrics";
    assert_eq!(faults(&report), [format!("line 4: {wanted}"), format!("line 6: {wanted}")]);
}

#[test]
fn many_faults_are_counted_and_few_are_told() {
    let body = "?\n".repeat(100_000);
    let (_, report) = read(TEXT, body.as_bytes(), Limits::default());
    assert_eq!((report.faulty_lines, report.faults.len(), report.faults[9].line), (100_000, 10, 10));
}

#[test]
fn time_is_linear_in_the_body() {
    let limits =
        Limits { line_bytes: usize::MAX, value_bytes: usize::MAX, labels: usize::MAX, ..Limits::default() };
    let labels: String = (0..100_000).map(|n| format!("l{n}=\"\",")).collect();
    let bodies = [
        format!("a{{{labels}}} 1\n"),
        format!("a{{b=\"{}\"}} 1\n", "\\\\".repeat(500_000)),
        format!("a{{b=\"{}", "\\".repeat(1_000_000)),
        format!("a{}1\n", " ".repeat(1_000_000)),
        format!("a 1 {}\n", "9".repeat(1_000_000)),
        format!("a 0.{}1\n", "0".repeat(500_000)),
        (0..100_000).map(|n| format!("# TYPE a{n} counter\na{n}_created 1\n")).collect(),
        "a".repeat(1_000_000),
        "{".repeat(1_000_000),
        "\n".repeat(1_000_000),
    ];
    for body in &bodies {
        for content_type in [TEXT, common::OPEN_METRICS] {
            let begun = Instant::now();
            let (_, report) = read(content_type, body.as_bytes(), limits);
            // A debug build on a busy machine takes a second; what is quadratic would take hours.
            assert!(begun.elapsed().as_secs() < 60, "{}", &body[..20]);
            assert!(report.lines > 0);
        }
    }
}

#[test]
fn a_filter_keeps_what_is_allowed_and_not_denied() {
    for (patterns, kept, left_out) in [
        (&[][..], &["a", "go_info"][..], &[][..]),
        (&["node_cpu_*"], &["node_cpu_", "node_cpu_seconds_total"], &["node_cpu", "xnode_cpu_a"]),
        (&["!go_*"], &["up", "cargo_x"], &["go_", "go_info"]),
        (&["node_*", "!*_info"], &["node_load1"], &["node_uname_info", "up"]),
        (&["!*_info", "node_*"], &["node_load1"], &["node_uname_info", "up"]),
        (&["up"], &["up"], &["upx", "u", "xup"]),
        (&["*"], &["", "up"], &[]),
        (&["!*"], &[], &["", "up"]),
        (&["a*b*c"], &["abc", "aXbXc", "abbc", "abcbc"], &["ac", "acb", "abcd", "xabc"]),
        (&["*a*"], &["a", "bab"], &["", "b"]),
        (&["aa*aa"], &["aaaa", "aaxaa"], &["aaa", "aa"]),
        (&["a**b"], &["ab", "axb"], &["a"]),
        (&["서버.*수_total"], &["서버.요청 수_total"], &["서버.요청"]),
    ] {
        let filter = Filter::new(patterns).expect("patterns");
        for name in kept {
            assert!(filter.keeps(name), "{patterns:?} keeps {name}");
        }
        for name in left_out {
            assert!(!filter.keeps(name), "{patterns:?} leaves {name} out");
        }
    }
}

#[test]
fn a_pattern_that_cannot_be_right_is_an_error() {
    let long = "a".repeat(1_025);
    for (pattern, problem) in [
        ("", PatternProblem::Empty),
        ("!", PatternProblem::Empty),
        (" up", PatternProblem::Blank),
        ("! up", PatternProblem::Blank),
        ("up\n", PatternProblem::Blank),
        ("!!up", PatternProblem::TwoMarks),
        ("up{job=\"a\"}", PatternProblem::Labels),
        (long.as_str(), PatternProblem::TooLong),
    ] {
        let wanted = FilterError { pattern: pattern.to_owned(), problem };
        assert_eq!(Filter::new(["a", pattern]), Err(wanted));
    }
    let error = Filter::new(["up{}"]).expect_err("labels");
    assert_eq!(error.to_string(), "the pattern `up{}` names labels: it may only name metrics");
    let most = vec!["a*"; 1_000];
    assert!(Filter::new(&most).is_ok());
    let error = Filter::new(most.iter().chain([&"b"])).expect_err("one too many");
    assert_eq!(error.problem, PatternProblem::TooMany);
}

#[test]
fn a_sample_is_counted_once() {
    let body = b"# TYPE a_total counter\na_total 1\na_created 2\nb_created 3\n";
    for (pattern, counts) in [("a_*", [1, 1, 1]), ("*_total", [1, 2, 0]), ("!a_*", [1, 2, 0])] {
        let filter = Filter::new([pattern]).expect("a pattern");
        let reader = Reader::new(Some(TEXT), body, Limits::default()).expect("a known type");
        let report = reader.with_filter(&filter).finish();
        assert_eq!([report.samples, report.filtered, report.hidden], counts, "{pattern}");
    }
}

#[test]
fn what_is_filtered_counts_for_no_limit_and_has_no_faults() {
    let body = b"go_a 1\ngo_a 2\ngo_b{c= 3\n{\"go_d\"} 4\nup 1\ngo_e 5\ndown 0\n";
    let filter = Filter::new(["!go_*"]).expect("patterns");
    let limits = Limits { samples: 2, ..Limits::default() };
    let mut reader = Reader::new(Some(TEXT), body, limits).expect("a known type").with_filter(&filter);
    assert_eq!(reader.next_sample().map(|sample| sample.line), Some(5));
    let report = reader.finish();
    assert_eq!((report.samples, report.filtered, report.faulty_lines, report.over_limit), (2, 5, 0, 0));
}

#[test]
fn a_filter_holds_from_where_it_is_given() {
    let filter = Filter::new(["!a"]).expect("a pattern");
    let mut reader =
        Reader::new(Some(TEXT), b"a 1\na{b=\"c\"} 2\nd 3\n", Limits::default()).expect("a known type");
    assert!(reader.next_sample().is_some());
    let report = reader.with_filter(&filter).finish();
    assert_eq!((report.samples, report.filtered), (2, 1));
}
