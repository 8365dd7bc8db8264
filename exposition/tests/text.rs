//! Rules of the text format: Prometheus, "Exposition formats", "Text-based format", and its "Data model".

mod common;

use common::{TEXT, check_lines, faults, text};
use exposition::{Limits, Reader};

#[test]
fn a_line_is_a_name_labels_a_value_and_a_timestamp() {
    check_lines(
        TEXT,
        &[
            // "Basic info": any number of blanks and tabs between tokens, those at the ends are ignored.
            ("up 1", Ok("Untyped up 1.0")),
            ("  up\t\t1 \t", Ok("Untyped up 1.0")),
            ("up{} 1", Ok("Untyped up 1.0")),
            ("up{}1", Ok("Untyped up 1.0")),
            ("job:rate:5m 2", Ok("Untyped job:rate:5m 2.0")),
            ("up {job=\"a\"} 1", Ok("Untyped up job=a 1.0")),
            ("up{ job = \"a\" , zone=\"b\" , } 1 -5", Ok("Untyped up job=a,zone=b 1.0 @-5")),
            ("up{zone=\"b\",job=\"a\"} 1 1395066363000", Ok("Untyped up job=a,zone=b 1.0 @1395066363000")),
            // "Comments, help text, and type information": escapes in the values of labels.
            (r#"a{v="C:\\DIR\\FILE.TXT"} 1"#, Ok(r"Untyped a v=C:\DIR\FILE.TXT 1.0")),
            (
                r#"a{v="Cannot find file:\n\"FILE.TXT\""} 1"#,
                Ok("Untyped a v=Cannot find file:\n\"FILE.TXT\" 1.0"),
            ),
            (r#"a{v="\\n\\",w="}, x=\"1"} 1"#, Ok("Untyped a v=\\n\\,w=}, x=\"1 1.0")),
            // Prometheus keeps other escapes as they are.
            (r#"a{v="\d\서\\"} 1"#, Ok(r"Untyped a v=\d\서\ 1.0")),
            // "Data model": an empty label is none.
            ("a{v=\"\",w=\"x\"} 1", Ok("Untyped a w=x 1.0")),
            // Values are what Go's ParseFloat reads, but for hexadecimal numbers and underscores, which Prometheus refuses.
            ("a -0", Ok("Untyped a -0.0")),
            ("a 1.458255915e+09", Ok("Untyped a 1458255915.0")),
            ("a +Inf", Ok("Untyped a inf")),
            ("a -Inf", Ok("Untyped a -inf")),
            ("a 0x1F", Err("the value `0x1F` is not a number")),
            ("a 1_000", Err("the value `1_000` is not a number")),
            ("a 1e999", Err("the value `1e999` is not a number")),
            ("a 1\r", Err("the value `1\\r` is not a number")),
            ("a 1,5", Err("the value `1,5` is not a number")),
            ("a", Err("a value is missing")),
            ("a{v=\"w\"}", Err("a value is missing")),
            ("a 1 5.5", Err("`5.5` is not a timestamp")),
            ("a 1 9223372036854775808", Err("`9223372036854775808` is not a timestamp")),
            ("a 1 # {x=\"y\"} 1", Err("`#` is not a timestamp")),
            ("a 1 5 6", Err("`6` follows the sample")),
        ],
    );
}

#[test]
fn names_are_plain_or_quoted() {
    check_lines(
        TEXT,
        &[
            // Text 1.0.0, "Quoting": read in each version, as Prometheus does.
            (
                "{\"서버.요청 수_total\",\"라벨.이름\"=\"값\"} 1.0",
                Ok("Untyped 서버.요청 수_total 라벨.이름=값 1.0"),
            ),
            ("{\"a\"} 1", Ok("Untyped a 1.0")),
            ("{ \"a\" , b=\"c\" } 1 2", Ok("Untyped a b=c 1.0 @2")),
            ("{b=\"c\",\"a\"} 1", Ok("Untyped a b=c 1.0")),
            ("a{\"b.c\"=\"d\"} 1", Ok("Untyped a b.c=d 1.0")),
            (r#"{"a\"\\b\n"} 1"#, Ok("Untyped a\"\\b\n 1.0")),
            ("a.b 1", Err("the name `a.b` has letters that only quoted names may have")),
            ("서버 1", Err("the name `서버` has letters that only quoted names may have")),
            ("1a 1", Err("the name `1a` has letters that only quoted names may have")),
            ("\"a\" 1", Err("a name of a metric is missing")),
            ("= 1", Err("a name of a metric is missing")),
            ("a=1", Err("the value `=1` is not a number")),
            ("a{라벨=\"b\"} 1", Err("the name `라벨` has letters that only quoted names may have")),
            ("a{b:c=\"d\"} 1", Err("the name `b:c` has letters that only quoted names may have")),
            ("{b=\"c\"} 1", Err("a name of a metric is missing")),
            ("{} 1", Err("a name of a metric is missing")),
            ("{\"\"} 1", Err("a name of a metric is missing")),
            ("a{\"b\"} 1", Err("it names two metrics")),
            ("{\"a\",\"b\"} 1", Err("it names two metrics")),
            ("a{__name__=\"b\"} 1", Err("the label `__name__` is reserved")),
            ("{\"a\",\"__name__\"=\"b\"} 1", Err("the label `__name__` is reserved")),
        ],
    );
}

#[test]
fn labels_stand_in_quotes_between_commas() {
    check_lines(
        TEXT,
        &[
            ("a{b=\"c\" 1", Err("a comma or a closing brace is missing among the labels")),
            ("a{b=\"c\"d=\"e\"} 1", Err("a comma or a closing brace is missing among the labels")),
            ("a{", Err("a comma or a closing brace is missing among the labels")),
            ("a{b=\"c\",", Err("a comma or a closing brace is missing among the labels")),
            ("a{b=\"c} 1", Err("a quoted string has no end")),
            ("a{b=\"c\\\"} 1", Err("a quoted string has no end")),
            ("a{b=c} 1", Err("`b=c} 1` stands in place of a label")),
            ("a{b} 1", Err("`b} 1` stands in place of a label")),
            ("a{,} 1", Err("`,} 1` stands in place of a label")),
            ("a{b=\"c\",,} 1", Err("`,} 1` stands in place of a label")),
            ("a{=\"c\"} 1", Err("`=\"c\"} 1` stands in place of a label")),
            ("a{b=\"c\",b=\"d\"} 1", Err("the label `b` stands twice in it")),
            ("a{b=\"\",c=\"x\",b=\"d\"} 1", Err("the label `b` stands twice in it")),
        ],
    );
}

#[test]
fn types_are_those_of_the_family() {
    let (lines, report) = text(
        "# TYPE c_total counter\nc_total 1\n\
         # HELP g Some text\n# TYPE g gauge\ng 2\n\n\
         # TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 0.5\nh_count 1\n\
         # TYPE s summary\ns{quantile=\"0.5\"} 3\ns_sum 6\ns_count 2\n\
         # TYPE u untyped\nu 4\n\
         #TYPE tight gauge\ntight 5\n\
         # TYPE\ttabs \t gauge \ntabs 6\n\
         # TYPE \"서버.온도\" gauge\n{\"서버.온도\"} 7\n\
         stray 8\ng_bucket 9\nh 10\nh_total 11\n\
         c_total{late=\"1\"} 12\nh_bucket{le=\"2\"} 13\n",
    );
    let wanted = [
        "Counter c_total 1.0",
        "Gauge g 2.0",
        "Histogram h_bucket le=1 1.0",
        "Histogram h_bucket le=+Inf 1.0",
        "Histogram h_sum 0.5",
        "Histogram h_count 1.0",
        "Summary s quantile=0.5 3.0",
        "Summary s_sum 6.0",
        "Summary s_count 2.0",
        "Untyped u 4.0",
        "Gauge tight 5.0",
        "Gauge tabs 6.0",
        "Gauge 서버.온도 7.0",
        "Untyped stray 8.0",
        "Untyped g_bucket 9.0",
        "Untyped h 10.0",
        "Untyped h_total 11.0",
        "Counter c_total late=1 12.0",
        "Histogram h_bucket le=2 13.0",
    ];
    assert_eq!((lines, faults(&report)), (wanted.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn comments_are_passed_over() {
    let body =
        "# a comment\n#\n#  TYPED x\n# EOF\n# UNIT a seconds\n   # TYPE a gauge\n\n \t\na 1\n# EOF\nb 2\n";
    let (lines, report) = text(body);
    assert_eq!(lines, ["Gauge a 1.0", "Untyped b 2.0"]);
    assert_eq!((report.lines, report.faulty_lines, report.cut_off), (11, 0, false));
}

#[test]
fn a_unit_is_taken_although_it_is_a_comment() {
    let body = "# UNIT tests of b\n# UNIT\n# UNIT {}\n# UNIT a s\n# TYPE a gauge\na 1\n# UNIT c \nc 2\n";
    let mut reader = Reader::new(None, body.as_bytes(), Limits::default()).expect("no type is text");
    let units =
        [0, 1].map(|_| reader.next_sample().and_then(|sample| sample.family.unit().map(str::to_owned)));
    assert_eq!((units, reader.finish().faulty_lines), ([Some("s".to_owned()), None], 0));
}

#[test]
fn a_unit_is_never_faulty() {
    let body = b"# UNIT a seconds\n# UNIT a bytes\n# UNIT tests pass\n# UNIT tests fail\na 1\n";
    let limits = Limits { samples: 1, ..Limits::default() };
    for limits in [Limits::default(), limits] {
        let (lines, report) = common::read(TEXT, body, limits);
        assert_eq!((lines, faults(&report)), (vec!["Untyped a 1.0".to_owned()], vec![]));
    }
}

#[test]
fn a_help_escapes_no_quotes() {
    let body = b"# HELP a C:\\\\new \\\"x\\\" y\\nz\na 1\n# HELP b \nb 2\n";
    let mut reader = Reader::new(None, body, Limits::default()).expect("no type is text");
    let helps = [0, 1].map(|_| {
        reader.next_sample().and_then(|sample| sample.family.help().map(std::borrow::Cow::into_owned))
    });
    assert_eq!(helps, [Some("C:\\new \\\"x\\\" y\nz".to_owned()), None]);
}

#[test]
fn metadata_that_cannot_be_right_is_told() {
    let body = "# TYPE a gauge\na 1\n# TYPE a counter\na{b=\"c\"} 2\n# HELP a x\n# HELP a y\n# TYPE b timer\nb 3\n# TYPE b gauge\n\
                # TYPE\n# TYPE c\n# TYPE d gauge gauge\n# HELP \"e\"f\n# HELP\n";
    let (lines, report) = text(body);
    assert_eq!(lines, ["Gauge a 1.0", "Gauge a b=c 2.0", "Untyped b 3.0"]);
    let wanted = [
        "line 3: the family `a` has this twice, and not alike: the first one counts",
        "line 6: the family `a` has this twice, and not alike: the first one counts",
        "line 7: `timer` is no type of metrics",
        "line 9: the type of `b` comes after its samples",
        "line 10: `TYPE` is no complete TYPE, HELP or UNIT",
        "line 11: `TYPE c` is no complete TYPE, HELP or UNIT",
        "line 12: `TYPE d gauge gauge` is no complete TYPE, HELP or UNIT",
        "line 13: `HELP \"e\"f` is no complete TYPE, HELP or UNIT",
        "line 14: `HELP` is no complete TYPE, HELP or UNIT",
    ];
    assert_eq!(faults(&report), wanted);
}

#[test]
fn metadata_that_is_said_again_is_no_fault() {
    let body = "# TYPE a gauge\n# HELP a x\na{b=\"c\"} 1\n# HELP a x\n# TYPE a gauge\na{b=\"d\"} 2\n";
    let (lines, report) = text(body);
    assert_eq!(lines, ["Gauge a b=c 1.0", "Gauge a b=d 2.0"]);
    assert_eq!((faults(&report), report.faulty_lines), (vec![], 0));
}

#[test]
fn a_gap_is_no_sample_and_still_a_series() {
    let (lines, report) = text("a NaN\nb Nan\nc{d=\"e\"} nan 5\na 1\nf 2\n");
    assert_eq!((lines, report.gaps, report.samples), (vec!["Untyped f 2.0".to_owned()], 3, 1));
    assert_eq!(faults(&report), ["line 4: the series `a` stands twice in the body: the first one counts"]);
}

#[test]
fn the_first_of_two_equal_series_stays() {
    let body = "a{b=\"c\",d=\"e\"} 1\na{d=\"e\",b=\"c\"} 2\n{\"a\",\"b\"=\"c\",d=\"e\",f=\"\"} 3 7\na{b=\"c\"} 4\na{b=\"cd\",e=\"\"} 5\nab 6\na{b=\"b\"} 7\n";
    let (lines, report) = text(body);
    assert_eq!(
        lines,
        [
            "Untyped a b=c,d=e 1.0",
            "Untyped a b=c 4.0",
            "Untyped a b=cd 5.0",
            "Untyped ab 6.0",
            "Untyped a b=b 7.0"
        ]
    );
    assert_eq!(
        faults(&report),
        [
            "line 2: the series `a{d=\"e\",b=\"c\"}` stands twice in the body: the first one counts",
            "line 3: the series `{\"a\",\"b\"=\"c\",d=\"e\",f=\"\"}` stands twice in the body: the first one counts",
        ]
    );
}

#[test]
fn times_of_creation_are_hidden_where_they_belong_to_another_metric() {
    // prometheus_client sends them as gauges, and a pushgateway sorts them before their counter.
    let (lines, report) = text(
        "# TYPE jobs_created gauge\njobs_created 1.7e9\n# TYPE jobs_total counter\njobs_total 3\n\
         # TYPE d histogram\nd_count 1\n# TYPE d_created gauge\nd_created 1.7e9\n\
         # TYPE s summary\ns_sum 1\ns_created{a=\"b\"} 1.7e9\n\
         # TYPE old counter\nold 1\n# TYPE old_created gauge\nold_created 1.7e9\n\
         # TYPE users_created gauge\nusers_created 5\nfiles_created 6\n\
         # TYPE files gauge\nfiles 7\n\
         # TYPE pods counter\npods 8\n# TYPE pods_created counter\npods_created 9\n_created 10\n",
    );
    assert_eq!(report.hidden, 4);
    assert_eq!(
        lines,
        [
            "Counter jobs_total 3.0",
            "Histogram d_count 1.0",
            "Summary s_sum 1.0",
            "Counter old 1.0",
            "Gauge users_created 5.0",
            "Untyped files_created 6.0",
            "Gauge files 7.0",
            "Counter pods 8.0",
            "Counter pods_created 9.0",
            "Untyped _created 10.0"
        ]
    );
    assert_eq!(report.faulty_lines, 0);
    let (lines, report) = text("jobs_created 1.7e9\n \t # TYPE jobs_total counter\njobs_total 3\n");
    assert_eq!((lines, report.hidden), (vec!["Counter jobs_total 3.0".to_owned()], 1));
}

#[test]
fn a_bad_line_costs_nothing_but_itself() {
    let mut body = b"a 1\nb{c=\"\xff\xfe\"} 2\nd 3\n# HELP e \xc3\x28\ne 4\nno number\n".to_vec();
    body.extend_from_slice("{\"f\"} 5".as_bytes());
    let (lines, report) = common::read(TEXT, &body, Limits::default());
    assert_eq!(lines, ["Untyped a 1.0", "Untyped d 3.0", "Untyped e 4.0", "Untyped f 5.0"]);
    assert_eq!(
        faults(&report),
        ["line 2: it is not UTF-8", "line 4: it is not UTF-8", "line 6: the value `number` is not a number"]
    );
    assert_eq!((report.lines, report.faulty_lines), (7, 3));
}

#[test]
fn an_empty_body_has_nothing() {
    assert_eq!(text(""), (vec![], exposition::Report::default()));
    let (lines, report) = text("\n\n");
    assert_eq!((lines.len(), report.lines, report.faulty_lines), (0, 2, 0));
}
