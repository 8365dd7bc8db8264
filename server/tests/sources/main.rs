//! Probes and targets: real services that go and come, and what is kept and told of them.

#[path = "../support/mod.rs"]
mod support;

mod uptime;

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use support::{Answer, TestServer, get, post, request, start, start_with, stream};
use tokio::{io::AsyncReadExt, net::TcpListener};

const JSON: &str = "application/json";

async fn put(to: SocketAddr, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let length = body.len();
    request(
        to,
        &format!(
            "PUT {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
    )
    .await
}

async fn delete(to: SocketAddr, path: &str) -> Answer {
    request(to, &format!("DELETE {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n")).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect(&answer.body)
}

/// Makes a source, and returns its number.
async fn made(server: &TestServer, path: &str, body: Value) -> u64 {
    let answer = post(server.address, path, JSON, &body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    read(&answer)["id"].as_u64().expect("a number")
}

fn tcp(name: &str, to: SocketAddr, parent: Option<u64>) -> Value {
    let kind = json!({"type": "tcp", "address": to.to_string()});
    json!({"name": name, "spec": {"kind": kind, "timeout_ms": 2000}, "interval_ms": 1000, "parent": parent})
}

/// Waits until what is at an address is as it should be.
async fn until(server: &TestServer, path: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..2_400 {
        let now = read(&get(server.address, path).await);
        if is_so(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {}", get(server.address, path).await.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_goes_and_comes_is_seen_told_and_kept_and_what_hangs_on_it_is_unknown() {
    let data = tempfile::tempdir().expect("a folder");
    let begin = || {
        let folder = data.path().to_owned();
        start_with(move |config| config.data_dir = folder)
    };
    let server = begin().await;
    let service = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = service.local_addr().expect("its address");
    let router = made(&server, "/api/v1/probes", tcp("router", at, None)).await;
    let stays = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let there = stays.local_addr().expect("its address");
    let behind = made(&server, "/api/v1/probes", tcp("behind it", there, Some(router))).await;
    let [first, second] = [router, behind].map(|id| format!("/api/v1/probes/{id}"));
    let is = |verdict: &'static str| move |probe: &Value| probe["state"]["verdict"] == verdict;
    let up = until(&server, &first, "it is up", is("up")).await;
    assert!(up["state"]["latency_ms"].as_f64().is_some_and(|ms| ms >= 0.0), "{up}");
    until(&server, &second, "what hangs on it, too", is("up")).await;
    drop(service);
    let down = until(&server, &first, "it is down", is("down")).await;
    assert_eq!(down["state"]["code"], "connection_refused", "{down}");
    assert!(down["state"]["since_ms"].as_u64() > up["state"]["since_ms"].as_u64());
    let lost = until(&server, &second, "nothing is known of what hangs on it", is("unknown")).await;
    assert_eq!(lost["state"]["code"], "parent_down");
    assert!(lost["state"]["why"].as_str().is_some_and(|why| why.contains("router")), "{lost}");
    let live = format!("/live/sse?topics=probe/{router}");
    let told = stream(server.address, &live, |text| text.contains("\"verdict\":\"down\"")).await;
    assert!(told.contains("\"name\":\"router\""), "{told}");
    let range = |metric: &str, id: u64| {
        format!("/api/v1/hosts/local/range?metric={metric}&label={id}&step=1000&aggregate=last")
    };
    let values = |range: &Value| -> Vec<f64> {
        range["series"][0]["values"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    };
    let both = |past: &Value| values(past).contains(&1.0) && values(past).contains(&0.0);
    until(&server, &range("probe.up", router), "its past", both).await;
    assert!(!values(&read(&get(server.address, &range("probe.latency", router)).await)).is_empty());

    // It is asked no more, and all the same it is there after a restart.
    let paused = json!({
        "name": "the router", "spec": down["spec"], "interval_ms": 1000, "paused": true
    });
    let answer = put(server.address, &first, &paused).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(read(&answer)["state"]["verdict"], "paused");
    until(&server, &second, "what hangs on one that is paused is asked again", is("up")).await;
    server.stop().await;
    let server = begin().await;
    let again = until(&server, "/api/v1/probes", "both are there", |all| {
        all.as_array().is_some_and(|all| all.len() == 2)
    });
    assert_eq!(again.await[1]["name"], "the router");
    until(&server, &second, "it is asked after a restart", is("up")).await;
    assert_eq!(delete(server.address, &first).await.status, 204);
    assert_eq!(get(server.address, &first).await.status, 404);
    assert_eq!(read(&get(server.address, &second).await)["parent"], Value::Null);
    assert_eq!(delete(server.address, &first).await.status, 404);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_an_endpoint_are_kept_by_its_number_and_its_secrets_are_told_to_nobody() {
    let server = start().await;
    let spec = json!({
        "url": format!("http://{}/metrics", server.address),
        "metrics": ["pulseboard_*"],
        "bearer_token": "a-secret-of-the-endpoint"
    });
    let body = json!({"name": "itself", "spec": spec, "interval_ms": 1000});
    let target = made(&server, "/api/v1/targets", body).await;
    let path = format!("/api/v1/targets/{target}");
    let told = until(&server, &path, "it answers", |one| one["last"]["series"].as_u64() > Some(20)).await;
    assert_eq!((&told["last"]["error"], &told["last"]["faults"]), (&Value::Null, &json!([])), "{told}");
    assert!(!told.to_string().contains("a-secret"), "{told}");
    let range = "/api/v1/hosts/local/range?metric=pulseboard_connections&step=1000&aggregate=last";
    let kept = until(&server, range, "its numbers are kept", |past| {
        past["series"].as_array().is_some_and(|series| series.len() >= 6)
    })
    .await;
    let labels = &kept["series"][0]["labels"];
    assert_eq!(labels[0], format!("target:{target}"));
    assert!(labels[1].as_str().is_some_and(|labels| labels.starts_with("transport=\"")), "{kept}");

    // The secret goes to no other address, and an endpoint that says nothing is told of in a sentence.
    let other = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = other.local_addr().expect("its address");
    let spec = json!({"url": format!("http://{at}/metrics"), "timeout_seconds": 1});
    let changed = json!({"name": "another", "spec": spec, "interval_ms": 1000});
    assert_eq!(put(server.address, &path, &changed).await.status, 200);
    let (mut asked, _) = other.accept().await.expect("it is asked");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(asked.read_u8().await.expect("a request"));
    }
    let head = String::from_utf8(head).expect("text").to_lowercase();
    assert!(head.starts_with("get /metrics") && !head.contains("authorization"), "{head}");
    let late = until(&server, &path, "it is too late", |one| one["last"]["error"].is_string()).await;
    assert!(late["last"]["error"].as_str().is_some_and(|why| why.contains("within 1 s")), "{late}");
    assert_eq!(delete(server.address, &path).await.status, 204);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let server = start().await;
    let probe =
        |kind: Value| json!({"name": "a", "spec": {"kind": kind, "timeout_ms": 1000}, "interval_ms": 1000});
    let http = || probe(json!({"type": "http", "url": "http://127.0.0.1/"}));
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    for (body, status, why) in [
        (json!({}), 422, "missing field"),
        (probe(json!({"type": "smtp"})), 422, "smtp"),
        (probe(json!({"type": "http", "url": "ftp://a/"})), 422, "http:// or https://"),
        (probe(json!({"type": "tcp", "address": "a"})), 422, "a host and a port"),
        (with(http(), "interval_ms", json!(5)), 422, "1000"),
        (with(http(), "interval_ms", json!(-5)), 422, "interval_ms"),
        (with(http(), "name", json!("")), 422, "name"),
        (with(http(), "name", json!("a\nb")), 422, "name"),
        (with(http(), "parent", json!(77)), 422, "probe"),
        (with(http(), "no_such", json!(1)), 422, "no_such"),
    ] {
        let answer = post(server.address, "/api/v1/probes", JSON, &body.to_string()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert!(answer.body.contains(why), "{body}: {}", answer.body);
    }
    let target = |spec: Value| json!({"name": "a", "spec": spec, "interval_ms": 1000});
    for (body, why) in [
        (target(json!("x")), "spec"),
        (target(json!({"url": "nowhere"})), "no address"),
        (target(json!({"url": "http://u:p@a/"})), "a user or a password"),
        (target(json!({"url": "http://a/", "ca_file": "/etc/passwd"})), "cannot be given"),
    ] {
        let answer = post(server.address, "/api/v1/targets", JSON, &body.to_string()).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        assert!(answer.body.contains(why) || why == "spec", "{body}: {}", answer.body);
    }
    let id = made(&server, "/api/v1/probes", http()).await;
    let again = post(server.address, "/api/v1/probes", JSON, &http().to_string()).await;
    assert_eq!((again.status, again.body.contains("name already")), (400, true), "{}", again.body);
    let circle = with(http(), "parent", json!(id));
    let answer = put(server.address, &format!("/api/v1/probes/{id}"), &circle).await;
    assert_eq!(answer.status, 422, "one that hangs on itself: {}", answer.body);
    for path in
        ["/api/v1/probes/x", "/api/v1/probes/99", "/api/v1/targets/-1", &format!("/api/v1/targets/{id}")]
    {
        assert_eq!(get(server.address, path).await.status, 404, "{path}");
        assert_eq!(delete(server.address, path).await.status, 404, "{path}");
    }
    assert_eq!(get(server.address, "/probes?edit=nothing").await.status, 200);
    server.stop().await;
}
