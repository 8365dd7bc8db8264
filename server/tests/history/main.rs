//! The past of numbers over REST, on a real machine and over restarts.

#[path = "../support/mod.rs"]
mod support;

mod dashboards;
mod explore;

use common::past::{PastRange, PastSeriesList};
use support::{TestServer, get, start_with};

const RANGE: &str = "/api/v1/hosts/local/range";

async fn range(server: &TestServer, query: &str) -> PastRange {
    let answer = get(server.address, &format!("{RANGE}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("a range")
}

/// Waits until a metric has so many samples in the last hour, and returns them at their own pace.
async fn measured(server: &TestServer, metric: &str, count: usize) -> PastRange {
    loop {
        let past = range(server, &format!("metric={metric}&step=500&aggregate=last")).await;
        let values = past.series.first().map_or(0, |series| series.values.iter().flatten().count());
        if values >= count {
            return past;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_measured_is_told_also_after_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let start = || {
        let folder = data.path().to_owned();
        start_with(move |config| config.data_dir = folder)
    };
    let server = start().await;
    let before = measured(&server, "cpu.total", 5).await;
    assert_eq!((before.step_ms, before.series.len()), (500, 1));
    assert!(before.series[0].values.iter().flatten().all(|share| (0.0..=100.0).contains(share)));
    let (from, to) = (before.start_ms, before.start_ms + 500 * before.series[0].values.len() as i64);
    server.stop().await;

    let server = start().await;
    let again =
        range(&server, &format!("metric=cpu.total&step=500&aggregate=last&from={from}&to={to}")).await;
    let known = before.series[0].values.iter().zip(&again.series[0].values);
    assert!(known.clone().count() > 0 && known.into_iter().all(|(one, other)| one.is_none() || one == other));
    measured(&server, "load.1", 1).await;
    let both = range(&server, "metric=memory.percent&metric=cpu.total&aggregate=max").await;
    let metrics: Vec<&str> = both.series.iter().map(|series| series.metric.as_str()).collect();
    assert_eq!(metrics, ["memory.percent", "cpu.total"]);

    let answer = get(server.address, &format!("{RANGE}/series")).await;
    let list: PastSeriesList = serde_json::from_str(&answer.body).expect("a list");
    let cpu = list.series.iter().find(|series| series.metric == "cpu.total").expect("it is measured");
    assert!(cpu.first_ms < to && cpu.last_ms >= to - 1_000, "{cpu:?}");
    assert!(list.bytes > 0 && list.bytes < list.most_bytes);

    for (path, status) in [
        ("range", 400),
        ("range?metric=cpu.total&from=9&to=3", 400),
        ("range?metric=cpu.total&step=1", 400),
        ("range?metric=cpu.total&from=x", 400),
        ("range?metric=no.such", 200),
        ("range?metric=%00&label=%ff", 200),
    ] {
        let answer = get(server.address, &format!("/api/v1/hosts/local/{path}")).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
    for (host, status) in [("elsewhere", 404), ("..%2Fx", 400)] {
        let path = format!("/api/v1/hosts/{host}/range?metric=cpu.total");
        assert_eq!(get(server.address, &path).await.status, status, "{host}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_kept_that_is_said() {
    let server = start_with(|config| config.history.keep = false).await;
    for path in [RANGE.to_owned() + "?metric=cpu.total", RANGE.to_owned() + "/series"] {
        let answer = get(server.address, &path).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        assert!(answer.body.contains("history.keep"), "{}", answer.body);
    }
    assert!(!server.data.path().join("history").exists());
    server.stop().await;
}
