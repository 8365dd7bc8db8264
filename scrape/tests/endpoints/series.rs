//! The series that an answer becomes.

use scrape::{DroppedCounts, LONGEST_KEY, MetricType, Scrape, SpecError, Target, TargetSpec};

use crate::{
    stub::{Reply, Stub, response, text},
    target_of, value_of,
};

async fn scrape_of(body: Vec<u8>, change: impl FnOnce(&mut TargetSpec)) -> Scrape {
    let stub = Stub::start([Reply::Send(body)]).await;
    let mut spec = TargetSpec::new(stub.url());
    change(&mut spec);
    target_of(spec).scrape().await.expect("a scrape")
}

fn names(scrape: &Scrape) -> Vec<(&str, &str)> {
    scrape.series.iter().map(|series| (series.metric.as_str(), series.labels.as_str())).collect()
}

#[tokio::test]
async fn labels_are_sorted_and_escaped_and_times_are_kept() {
    let scrape =
        scrape_of(text("a{z=\"1\",b=\"x\\\\y\\\"\\n\",empty=\"\"} -2.5e3 1700000000123\n{\"서버.온도\",\"위.치\"=\"서울\"} 1\n"), |_| {}).await;
    assert_eq!(names(&scrape), [("a", r#"b="x\\y\"\n",z="1""#), ("서버.온도", r#""위.치"="서울""#)]);
    assert_eq!((scrape.series[0].value, scrape.series[0].timestamp_ms), (-2500.0, Some(1_700_000_000_123)));
    assert_eq!(scrape.series[1].timestamp_ms, None);
    assert!(scrape.faults.is_empty());
}

#[tokio::test]
async fn no_number_is_a_gap() {
    let scrape = scrape_of(text("a NaN\nb Nan\nc +Inf\nd -Inf\ne 0\n"), |_| {}).await;
    assert_eq!(names(&scrape), [("e", "")]);
    assert_eq!(scrape.dropped, DroppedCounts { gaps: 4, ..DroppedCounts::default() });
    assert!(scrape.faults.is_empty(), "{:?}", scrape.faults);
}

#[tokio::test]
async fn of_equal_series_the_first_one_stays() {
    let scrape = scrape_of(text("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\n"), |_| {}).await;
    assert_eq!((scrape.series.len(), value_of(&scrape, "a", r#"x="1",y="2""#)), (1, Some(1.0)));
    assert_eq!(scrape.dropped.faulty, 1);
    assert!(scrape.faults[0].starts_with("line 2: "), "{:?}", scrape.faults);
}

const HISTOGRAM: &str = "# TYPE h histogram\n\
    h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4.5\nh_count 3\n\
    bare_bucket{le=\"1\"} 1\nbare_bucket{vmrange=\"8.799e-01...1.000e+00\"} 2\nred_bucket{size=\"1\"} 1\n# TYPE s summary\ns{quantile=\"0.5\"} 7\ns_sum 8\ns_count 9\n";

#[tokio::test]
async fn buckets_are_left_out_unless_they_are_wanted() {
    let scrape = scrape_of(text(HISTOGRAM), |_| {}).await;
    let expected = [
        ("h_sum", ""),
        ("h_count", ""),
        ("red_bucket", "size=\"1\""),
        ("s", "quantile=\"0.5\""),
        ("s_sum", ""),
        ("s_count", ""),
    ];
    assert_eq!(names(&scrape), expected);
    let counters: Vec<bool> = scrape.series.iter().map(|series| series.is_counter).collect();
    assert_eq!(counters, [true, true, false, false, true, true]);
    assert_eq!(scrape.dropped.buckets, 4);
    let scrape = scrape_of(text(HISTOGRAM), |spec| spec.buckets = true).await;
    assert_eq!((scrape.series.len(), scrape.dropped.buckets), (10, 0));
    assert!(scrape.series[0].is_counter);
}

#[tokio::test]
async fn counters_are_known_by_their_type_and_else_by_their_name() {
    let body =
        "# TYPE c counter\nc 1\n# TYPE g_total gauge\ng_total 1\nu_total 1\nu 1\n# TYPE t untyped\nt 1\n";
    let scrape = scrape_of(text(body), |_| {}).await;
    let counters: Vec<_> =
        scrape.series.iter().map(|series| (series.metric_type, series.is_counter)).collect();
    let expected = [
        (MetricType::Counter, true),
        (MetricType::Gauge, false),
        (MetricType::Untyped, true),
        (MetricType::Untyped, false),
        (MetricType::Untyped, false),
    ];
    assert_eq!(counters, expected);
}

#[tokio::test]
async fn patterns_and_labels_choose_what_is_kept() {
    let body = "node_a{cpu=\"0\",mode=\"idle\"} 1\nnode_a{cpu=\"0\",mode=\"user\"} 2\nnode_b 3\ngo_c 4\n";
    let scrape = scrape_of(text(body), |spec| {
        spec.metrics = vec!["node_*".to_owned(), "!node_b".to_owned()];
        spec.labels = Some(vec!["cpu".to_owned()]);
    })
    .await;
    assert_eq!(names(&scrape), [("node_a", "cpu=\"0\"")]);
    assert_eq!(scrape.series[0].value, 1.0);
    assert_eq!((scrape.dropped.filtered, scrape.dropped.merged), (2, 1));
    assert_eq!(
        scrape.faults,
        ["1 series equal others without the labels that are left out: the first ones count"]
    );
}

#[tokio::test]
async fn many_and_long_series_are_bounded_and_told() {
    let mut body = format!("long{{x=\"{}\"}} 1\n", "y".repeat(2_000));
    for index in 0..50_000 {
        body.push_str(&format!("a{{i=\"{index}\"}} {index}\n"));
    }
    body.push_str(&"nonsense\n".repeat(100));
    let scrape = scrape_of(text(&body), |spec| spec.max_series = 20).await;
    assert_eq!(scrape.series.len(), 20);
    assert_eq!((scrape.dropped.over_limit, scrape.dropped.too_long, scrape.dropped.faulty), (49_980, 1, 100));
    assert_eq!(scrape.faults.len(), 10);
    assert_eq!(scrape.faults[0], "49980 series are beyond the 20 that are kept");
    assert_eq!(scrape.faults[1], format!("1 series have names and labels of more than {LONGEST_KEY} bytes"));
}

#[tokio::test]
async fn openmetrics_without_its_end_is_told() {
    let body = |end| {
        let text = format!("# TYPE c counter\nc_total 1 1700000000.5\nc_created 1.6e9\n{end}");
        response(
            "200 OK",
            "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n",
            text,
        )
    };
    let whole = scrape_of(body("# EOF\n"), |_| {}).await;
    assert_eq!(names(&whole), [("c_total", "")]);
    assert_eq!((whole.series[0].timestamp_ms, whole.dropped.created), (Some(1_700_000_000_500), 1));
    assert!(whole.faults.is_empty(), "{:?}", whole.faults);
    let cut = scrape_of(body(""), |_| {}).await;
    assert_eq!(cut.faults, ["the answer has no `# EOF` at its end: lines may be missing"]);
}

#[test]
fn settings_are_checked_with_sentences() {
    let outbound = scrape::Outbound::new().unwrap();
    let refusal = |settings: &str| -> String {
        let spec: TargetSpec = toml::from_str(&format!("url = \"http://a/metrics\"\n{settings}")).unwrap();
        let error: SpecError = Target::new(spec, &outbound).expect_err("a refusal");
        error.to_string()
    };
    assert_eq!(refusal("timeout_seconds = 0"), "`timeout_seconds` is 0, and must be 1 to 300");
    assert_eq!(refusal("max_series = 1000000"), "`max_series` is 1000000, and must be 1 to 100000");
    assert_eq!(
        refusal("metrics = [\"a{b}\"]"),
        "`metrics`: the pattern `a{b}` names labels: it may only name metrics"
    );
    assert_eq!(
        refusal("bearer_token = \"a\\nb\""),
        "`bearer_token` has a character that a header cannot have"
    );
    assert_eq!(
        refusal("basic_auth = { username = \"a:b\", password = \"c\" }"),
        "the `username` must not have a colon"
    );
    assert!(
        refusal("bearer_token = \"a\"\nbasic_auth = { username = \"a\", password = \"c\" }")
            .contains("only one")
    );
    assert!(refusal("ca_file = \"/nowhere.pem\"").starts_with("`ca_file` cannot be read: "));
    assert!(refusal("ca_file = \"/nowhere.pem\"\nverify = false").contains("no certificate is checked"));
    for url in [
        "",
        "localhost:9100",
        "/metrics",
        "ftp://a/metrics",
        "http://",
        "http://a:0/",
        "http://a:99999/",
        "http://a b/",
    ] {
        let error = Target::new(TargetSpec::new(url), &outbound).expect_err("a refusal").to_string();
        assert_eq!(
            error,
            format!("`{url}` is no address of an endpoint: it is like http://localhost:9100/metrics")
        );
    }
    let error =
        Target::new(TargetSpec::new("http://me:secret@a/"), &outbound).expect_err("a refusal").to_string();
    assert!(error.contains("basic_auth") && !error.contains("secret"), "{error}");
}

#[test]
fn settings_have_no_unknown_keys_and_show_no_secrets() {
    let error = toml::from_str::<TargetSpec>("url = \"http://a/\"\ntimeout = 5").unwrap_err().to_string();
    assert!(error.contains("unknown field `timeout`"), "{error}");
    let error = toml::from_str::<TargetSpec>("timeout_seconds = 5").unwrap_err().to_string();
    assert!(error.contains("missing field `url`"), "{error}");
    let mut spec = TargetSpec::new("http://a/");
    assert_eq!(toml::from_str::<TargetSpec>("url = \"http://a/\"").unwrap(), spec);
    spec.bearer_token = Some("sesame".to_owned().into());
    assert!(!format!("{spec:?}").contains("sesame"));
    let target = Target::new(spec, &scrape::Outbound::new().unwrap()).unwrap();
    assert!(!format!("{target:?}").contains("sesame"));
}
