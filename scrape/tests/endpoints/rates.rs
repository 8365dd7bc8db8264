//! Rates of counters.

use std::time::{Duration, Instant};

use scrape::{MeasuredSeries, MetricType, Rates, ScrapedSeries};

use crate::{
    stub::{Reply, Stub, text},
    target,
};

fn counter(value: f64, timestamp_ms: Option<i64>) -> ScrapedSeries {
    ScrapedSeries {
        metric: "requests_total".to_owned(),
        labels: "code=\"200\"".to_owned(),
        value,
        metric_type: MetricType::Counter,
        is_counter: true,
        timestamp_ms,
    }
}

fn gauge(value: f64) -> ScrapedSeries {
    ScrapedSeries { metric_type: MetricType::Gauge, is_counter: false, ..counter(value, None) }
}

fn values(measured: &[MeasuredSeries]) -> Vec<(f64, bool)> {
    measured.iter().map(|series| (series.value, series.is_rate)).collect()
}

/// Gives values of one counter at some seconds, and returns the rate that came of each.
fn rates_of(values: &[(u64, f64)]) -> Vec<Option<f64>> {
    let (mut rates, begin) = (Rates::default(), Instant::now());
    let mut rate = |(seconds, value)| {
        let measured = rates.update(begin + Duration::from_secs(seconds), vec![counter(value, None)]);
        measured.first().map(|series| series.value)
    };
    values.iter().map(|value| rate(*value)).collect()
}

#[test]
fn a_rate_is_growth_by_the_time_that_passed() {
    assert_eq!(
        rates_of(&[(0, 100.0), (10, 150.0), (40, 180.0), (50, 180.0)]),
        [None, Some(5.0), Some(1.0), Some(0.0)]
    );
}

#[test]
fn a_reset_starts_anew() {
    assert_eq!(rates_of(&[(0, 1e9), (10, 5.0), (20, 25.0)]), [None, None, Some(2.0)]);
}

#[test]
fn two_scrapes_of_one_moment_give_no_rate() {
    assert_eq!(rates_of(&[(5, 1.0), (5, 2.0), (6, 4.0)]), [None, None, Some(2.0)]);
    assert_eq!(rates_of(&[(5, 1.0), (4, 2.0), (6, 4.0)]), [None, None, Some(1.0)]);
}

#[test]
fn huge_growth_is_no_infinity() {
    assert_eq!(rates_of(&[(0, -1.7e308), (1, 1.7e308)]), [None, None]);
}

#[test]
fn gauges_come_as_they_are() {
    let mut rates = Rates::default();
    let measured = rates.update(Instant::now(), vec![gauge(-3.0), counter(1.0, None)]);
    assert_eq!(values(&measured), [(-3.0, false)]);
    assert_eq!(
        (measured[0].metric.as_str(), measured[0].labels.as_str()),
        ("requests_total", "code=\"200\"")
    );
}

#[test]
fn a_counter_that_was_gone_starts_anew() {
    let (mut rates, begin) = (Rates::default(), Instant::now());
    let mut round = |seconds, series| values(&rates.update(begin + Duration::from_secs(seconds), series));
    assert_eq!(round(0, vec![counter(1.0, None)]), []);
    assert_eq!(round(1, vec![]), []);
    assert_eq!(round(2, vec![counter(100.0, None)]), []);
    assert_eq!(round(3, vec![counter(101.0, None)]), [(1.0, true)]);
}

#[test]
fn a_counters_own_time_counts() {
    let (mut rates, begin) = (Rates::default(), Instant::now());
    let mut round = |seconds, value, at| {
        values(&rates.update(begin + Duration::from_secs(seconds), vec![counter(value, Some(at))]))
    };
    assert_eq!(round(0, 10.0, 1_000), []);
    // Nothing was measured since.
    assert_eq!(round(5, 10.0, 1_000), []);
    assert_eq!(round(10, 30.0, 11_000), [(2.0, true)]);
    // It has restarted.
    assert_eq!(round(20, 1.0, 21_000), []);
    assert_eq!(round(30, 2.0, 31_000), [(0.1, true)]);
}

#[tokio::test]
async fn a_failed_scrape_is_bridged() {
    let stub = Stub::start([
        Reply::Send(text("a_total 1\n")),
        Reply::Close(Vec::new()),
        Reply::Close(Vec::new()),
        Reply::Send(text("a_total 5\n")),
        Reply::Send(text("a_total 2\n")),
    ])
    .await;
    let (mut target, mut rates) = (target(stub.url()), Rates::default());
    let first = target.scrape().await.unwrap();
    assert_eq!(rates.update(first.started, first.series), []);
    target.scrape().await.unwrap_err();
    let next = target.scrape().await.unwrap();
    let seconds = next.started.duration_since(first.started).as_secs_f64();
    assert_eq!(values(&rates.update(next.started, next.series)), [(4.0 / seconds, true)]);
    let reset = target.scrape().await.unwrap();
    assert_eq!(rates.update(reset.started, reset.series), []);
}
