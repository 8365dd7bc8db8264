//! Agents that are confused, and whoever is none.

use common::{Sample, past::PastRange};
use serde_json::{Value, json};

use crate::{
    agents, code, now, post,
    support::{TestServer, get, start},
};

const NDJSON: &str = "application/x-ndjson";

fn info(name: &str) -> Value {
    json!({
        "id": name, "hostname": name, "os": null, "kernel": null, "cpu_model": null, "cores": 4,
        "fast_ms": 1000, "slow_ms": 2000
    })
}

pub(crate) fn key(digit: char) -> String {
    format!("pba_{}", digit.to_string().repeat(64))
}

pub(crate) async fn enrol(server: &TestServer, code: &str, key: &str, name: &str) -> (u16, String) {
    let body = json!({ "code": code, "key": key, "name": name, "info": info("x") }).to_string();
    let answer = post(server.address, "/api/v1/agents/enrol", None, "application/json", &body).await;
    (answer.status, answer.body)
}

pub(crate) async fn report(server: &TestServer, key: &str, lines: &[String]) -> (u16, Value) {
    let body = lines.join("\n");
    let answer = post(server.address, "/api/v1/agents/report", Some(key), NDJSON, &body).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or(Value::Null))
}

pub(crate) fn head(run: u64) -> String {
    json!({ "info": info("x"), "version": "9.9", "now": now(), "run": run }).to_string()
}

pub(crate) fn fast(at: u64, cpu: f64) -> String {
    json!({ "fast": { "at": at, "values": { "cpu.total": cpu } } }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_and_a_name_has_one_host() {
    let server = start().await;
    let once = code(server.data.path());
    assert_eq!(enrol(&server, &once, "pba_short", "web-1").await.0, 400);
    assert_eq!(enrol(&server, &once, &key('a'), "Web 1").await.0, 400);
    assert_eq!(enrol(&server, &once, &key('a'), "local").await.0, 400);
    assert_eq!(enrol(&server, "0000", &key('a'), "web-1").await.0, 404);
    assert_eq!(enrol(&server, &once, &key('a'), "web-1").await.0, 200, "what was refused has not used it up");
    assert_eq!(enrol(&server, &once, &key('b'), "web-2").await.0, 404, "it is used up");
    let second = code(server.data.path());
    let (status, why) = enrol(&server, &second, &key('b'), "web-1").await;
    assert!(status == 400 && why.contains("there is a host web-1 already"), "{why}");
    let (status, why) = enrol(&server, &second, &key('a'), "web-2").await;
    assert_eq!(status, 400, "{why}");
    assert_eq!(enrol(&server, &second, &key('b'), "web-2").await.0, 200);
    assert_eq!(agents(server.address).await.len(), 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_measurement_is_refused_and_the_rest_is_taken() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let at = now();
    let many: serde_json::Map<String, Value> =
        (0..4_001).map(|n| (format!("metric.{n}"), json!(n))).collect();
    let lines = [
        head(1),
        fast(at, 12.5),
        "{\"fast\":{\"at\":1,\"values\":{\"cpu.total\":NaN}}}".to_owned(),
        "{\"exec\":\"id\"}".to_owned(),
        "\u{0}\u{1}".to_owned(),
        fast(at + 365 * 24 * 3_600_000, 99.0),
        json!({ "fast": { "at": at, "values": many } }).to_string(),
        fast(at - 400 * 24 * 3_600_000, 1.0),
        String::new(),
        json!({ "metrics": Sample { at, ..Sample::default() } }).to_string(),
    ];
    let (status, answer) = report(&server, &key('a'), &lines).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((answer["taken"].as_u64(), answer["refused"].as_u64()), (Some(2), Some(6)), "{answer}");
    assert!(answer["why"].as_str().is_some_and(|why| why.starts_with("line 3:")), "{answer}");
    let range = get(server.address, "/api/v1/hosts/web-1/range?metric=cpu.total&aggregate=max").await;
    let range: PastRange = serde_json::from_str(&range.body).expect("a range");
    let told: Vec<f64> = range.series.iter().flat_map(|series| &series.values).copied().flatten().collect();
    assert_eq!(told, [12.5]);

    for (body, status) in [
        (String::new(), 400),
        ("{}".to_owned(), 400),
        (fast(at, 1.0), 400),
        (
            [head(1)].into_iter().chain((0..5_001).map(|_| "{}".to_owned())).collect::<Vec<_>>().join("\n"),
            400,
        ),
        ("x".repeat((4 << 20) + 1), 413),
    ] {
        let answer = post(server.address, "/api/v1/agents/report", Some(&key('a')), NDJSON, &body).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    assert_eq!(report(&server, &key('a'), &[head(1)]).await.0, 200, "it goes on");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_its_own_address_alone_and_nothing_once_its_host_is_gone() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    assert_eq!(report(&server, &key('a'), &[head(1)]).await.0, 200);
    assert_eq!(report(&server, &key('b'), &[head(1)]).await.0, 401, "nobody's");
    let answer = post(server.address, "/api/v1/agents/report", None, NDJSON, &head(1)).await;
    assert_eq!(answer.status, 401, "no key at all: {}", answer.body);
    let other = post(server.address, "/api/v1/publish", Some(&key('a')), "application/json", "{}").await;
    assert_eq!(other.status, 401, "{}", other.body);

    let mut command = crate::support::binary::pulseboard();
    let removed =
        command.arg("--data-dir").arg(server.data.path()).args(["host", "remove", "web-1"]).status();
    assert!(removed.expect("it runs").success());
    assert_eq!(report(&server, &key('a'), &[head(1)]).await.0, 401, "it was removed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_agents_with_one_key_the_first_is_told() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    for run in [1, 1, 2, 2, 3] {
        assert_eq!(report(&server, &key('a'), &[head(run)]).await.0, 200, "one that was started anew");
    }
    let (status, answer) = report(&server, &key('a'), &[head(2)]).await;
    assert_eq!(status, 400);
    assert!(answer["message"].as_str().is_some_and(|why| why.contains("another agent")), "{answer}");
    assert_eq!(report(&server, &key('a'), &[head(3)]).await.0, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_told() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let year = 365 * 24 * 3_600_000;
    let head = json!({ "info": info("x"), "version": "9.9", "now": now() + year, "run": 1 }).to_string();
    let (status, answer) = report(&server, &key('a'), &[head, fast(now() + year, 1.0)]).await;
    assert_eq!(status, 400, "the agent keeps its lines until one of the clocks is set");
    assert!(answer["message"].as_str().is_some_and(|why| why.contains("ahead of this server's")), "{answer}");
    let agents = agents(server.address).await;
    assert!(agents[0]["ahead_ms"].as_u64().is_some_and(|ahead| ahead.abs_diff(year) < 60_000), "{agents:?}");
    server.stop().await;
}
