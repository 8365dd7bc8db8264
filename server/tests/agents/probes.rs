//! Probes that agents ask: real agents, real services that come and go, the server away meanwhile, and hostile answers.

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    Agent, agent, code,
    hostile::{enrol, fast, key},
    now, post,
    support::{
        Answer, TestServer,
        binary::{ServerProcess, pulseboard},
        get, request, start,
    },
    until,
};

const NDJSON: &str = "application/x-ndjson";
const JSON: &str = "application/json";

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect(&answer.body)
}

/// A probe that connects to an address each second.
fn tcp(name: &str, from: &str, to: SocketAddr, parent: Option<u64>) -> Value {
    let kind = json!({"type": "tcp", "address": to.to_string()});
    let spec = json!({"kind": kind, "timeout_ms": 2000});
    json!({"name": name, "from": from, "spec": spec, "interval_ms": 1000, "parent": parent})
}

async fn made(to: SocketAddr, body: &Value) -> u64 {
    let answer = post(to, "/api/v1/probes", None, JSON, &body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    read(&answer)["id"].as_u64().expect("a number")
}

async fn put(to: SocketAddr, id: u64, body: &Value) -> Answer {
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "PUT /api/v1/probes/{id} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\n\r\n"
    );
    request(to, &(head + &body)).await
}

/// Waits until a probe's state is as it should be.
async fn state(to: SocketAddr, id: u64, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/api/v1/probes/{id}");
    let mut last = String::new();
    let waiting = async {
        loop {
            let answer = get(to, &path).await;
            last.clone_from(&answer.body);
            if answer.status == 200 {
                let state = read(&answer)["state"].clone();
                if is_so(&state) {
                    return state;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(90), waiting).await;
    waited.unwrap_or_else(|_| panic!("{what}: {last}"))
}

/// Says if a state is this one.
fn is(verdict: &'static str) -> impl Fn(&Value) -> bool {
    move |state| state["verdict"] == verdict
}

/// Answers of a probe that wait on the agent's disk, or are being sent, by their times.
fn waiting(folder: &Path) -> BTreeMap<u64, Value> {
    let mut answers = BTreeMap::new();
    for file in fs::read_dir(folder.join("agent/waiting")).expect("a folder") {
        let Ok(text) = fs::read_to_string(file.expect("an entry").path()) else { continue };
        for line in text.lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            if let Some(at) = line["probe"]["at"].as_u64() {
                answers.insert(at, line["probe"].clone());
            }
        }
    }
    answers
}

/// The numbers that stand for the seconds of a past of a probe's series, at the host that asks; of one millisecond, that of it alone.
async fn past(to: SocketAddr, metric: &str, id: u64, aggregate: &str, from: u64, until: u64) -> Vec<f64> {
    let step = if until - from == 1 { 1 } else { 1_000 };
    let query =
        format!("metric={metric}&label={id}&aggregate={aggregate}&from={from}&to={until}&step={step}");
    let answer = get(to, &format!("/api/v1/hosts/web-1/range?{query}")).await;
    if answer.status == 404 {
        return Vec::new();
    }
    let range = read(&answer);
    let values = range["series"][0]["values"].as_array().cloned().unwrap_or_default();
    values.iter().filter_map(Value::as_f64).collect()
}

async fn listening(at: SocketAddr) -> TcpListener {
    let bound = async {
        loop {
            if let Ok(listener) = TcpListener::bind(at).await {
                return listener;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), bound).await.expect("the port is free again")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_asks_and_what_it_saw_while_the_server_was_away_comes_late_and_once() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let hub = |listen: &str| {
        ServerProcess::new(
            pulseboard()
                .arg("--data-dir")
                .arg(data.path())
                .args(["--listen", listen])
                .env("PULSEBOARD_CONTAINERS__ENGINE", "off"),
        )
    };
    let server = hub("127.0.0.1:0");
    let to = server.address;
    let running = Agent::enrol(folder.path(), to, &code(data.path()), "web-1");
    until(to, "the agent is there", |agent| agent["online"] == true).await;
    let service = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = service.local_addr().expect("its address");
    let id = made(to, &tcp("shop", "web-1", at, None)).await;
    let up = state(to, id, "it is up", is("up")).await;
    assert!(up["latency_ms"].as_f64().is_some_and(|ms| ms >= 0.0), "{up}");
    drop(service);
    let down = state(to, id, "it is down", is("down")).await;
    assert_eq!(down["code"], "connection_refused");

    // The server is away; the service comes, and goes again; the agent is ended without a word and starts anew.
    drop(server);
    let service = listening(at).await;
    let seen = |verdict: &'static str, after: u64| {
        let folder = folder.path().to_owned();
        let wait = async move {
            loop {
                let all = waiting(&folder);
                let found = all.range(after..).find(|(_, answer)| answer["verdict"] == verdict);
                if let Some((at, _)) = found {
                    return (*at, all.clone());
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        async { tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it is seen") }
    };
    let (came, _) = seen("up", 0).await;
    running.kill();
    let running = Agent::start(folder.path());
    let started = now();
    seen("up", started).await;
    drop(service);
    let (gone, missed) = seen("down", started).await;

    let _server = hub(&to.to_string());
    state(to, id, "it is told again", |state| {
        state["verdict"] == "down" && state["at_ms"].as_u64() > Some(gone)
    })
    .await;
    let all_there = async {
        loop {
            let counts = past(to, "probe.up", id, "count", came, gone + 1).await;
            let expected = missed.range(came..=gone).count();
            if counts.iter().sum::<f64>() >= expected as f64 {
                return (counts, expected);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let late = tokio::time::timeout(Duration::from_secs(60), all_there).await.expect("all of it comes");
    assert!(late.1 >= 3, "{late:?}");
    for (at, answer) in missed.range(came..=gone) {
        let told = past(to, "probe.up", id, "last", *at, at + 1).await;
        let is_up = if answer["verdict"] == "up" { 1.0 } else { 0.0 };
        assert_eq!(told, [is_up], "at {at}");
        assert_eq!(past(to, "probe.up", id, "count", *at, at + 1).await, [1.0], "it is there once");
    }

    // While the agent is away nothing is known; what hangs on the probe neither.
    let behind = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let second = made(to, &tcp("behind it", "local", behind.local_addr().expect("one"), Some(id))).await;
    state(to, second, "its parent is down", |state| state["code"] == "parent_down").await;
    let service = listening(at).await;
    state(to, second, "both are up", is("up")).await;
    running.kill();
    let away = state(to, id, "its agent is away", is("unknown")).await;
    assert_eq!(away["code"], "agent_away", "{away}");
    let lost = state(to, second, "nothing is known of what hangs on it", is("unknown")).await;
    assert_eq!(lost["code"], "parent_down", "{lost}");
    let _running = Agent::start(folder.path());
    state(to, id, "it is up again", is("up")).await;
    drop(service);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_looks_at_parents_of_its_own_and_the_server_at_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start().await;
    let to = server.address;
    let running = Agent::enrol(folder.path(), to, &code(server.data.path()), "web-1");
    until(to, "the agent is there", |agent| agent["online"] == true).await;
    let [router, stays] = [TcpListener::bind("127.0.0.1:0").await, TcpListener::bind("127.0.0.1:0").await]
        .map(|one| one.expect("a port"));
    let [router_at, stays_at] = [&router, &stays].map(|one| one.local_addr().expect("its address"));
    let theirs = made(to, &tcp("router", "web-1", router_at, None)).await;
    let ours = made(to, &tcp("router from here", "local", router_at, None)).await;
    let children = [
        made(to, &tcp("one", "web-1", stays_at, Some(theirs))).await,
        made(to, &tcp("two", "web-1", stays_at, Some(ours))).await,
    ];
    for id in [theirs, ours, children[0], children[1]] {
        state(to, id, "all are up", is("up")).await;
    }
    drop(router);
    for id in children {
        let lost = state(to, id, "its parent is down", is("unknown")).await;
        assert_eq!(lost["code"], "parent_down", "{lost}");
    }
    let _router = listening(router_at).await;
    for id in children {
        state(to, id, "it is asked again", is("up")).await;
    }
    let moved = tcp("one", "local", stays_at, None);
    assert_eq!(put(to, children[0], &moved).await.status, 200);
    let told = state(to, children[0], "it is asked from here", is("up")).await;
    let later = told["at_ms"].as_u64().expect("a time") + 1_000;
    state(to, children[0], "and again", |state| state["at_ms"].as_u64() > Some(later)).await;
    let kept: Value = serde_json::from_str(
        &fs::read_to_string(folder.path().join("agent/probes.json")).expect("the list is kept"),
    )
    .expect("JSON");
    let asked: Vec<_> = kept["probes"].as_array().expect("a list").iter().map(|probe| &probe["id"]).collect();
    assert_eq!(asked, [&json!(theirs), &json!(children[1])]);
    running.kill();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_turns_probes_off_and_the_page_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start().await;
    let to = server.address;
    let flags = ["--hub", &format!("http://{to}"), "--enrol", &code(server.data.path()), "--name", "web-1"];
    let running = Agent::run(agent(folder.path()).args(flags).args(["--no-probes", "--fast-ms", "200"]));
    until(to, "the agent is there", |agent| agent["online"] == true).await;
    let service = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let id = made(to, &tcp("shop", "web-1", service.local_addr().expect("one"), None)).await;
    let told = state(to, id, "it is not asked", is("unknown")).await;
    assert_eq!(told["code"], "agent_refuses", "{told}");
    let page = get(to, "/probes").await.body;
    assert!(page.contains("it was started with --no-probes"), "{page}");
    assert!(!folder.path().join("agent/probes.json").exists());
    running.kill();
    let _running = Agent::start(folder.path());
    state(to, id, "it is asked", is("up")).await;
    server.stop().await;
}

/// The head of a report of an agent that has a list of this version.
fn head(probes: &Value) -> String {
    let info = json!({
        "id": "x", "hostname": "x", "os": null, "kernel": null, "cpu_model": null, "cores": 4,
        "fast_ms": 1000, "slow_ms": 2000
    });
    let mut head = json!({ "info": info, "version": "0.0.7", "now": now(), "run": 1 });
    if !probes.is_null() {
        head["probes"] = probes.clone();
    }
    head.to_string()
}

async fn report(server: &TestServer, key: &str, head: &str, lines: &[String]) -> Value {
    let body = [head, &lines.join("\n")].join("\n");
    let answer = post(server.address, "/api/v1/agents/report", Some(key), NDJSON, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    read(&answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_knows_no_probes_is_told_to_be_too_old_and_gets_none() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let id = made(server.address, &tcp("shop", "web-1", "127.0.0.1:9".parse().expect("one"), None)).await;
    let answer = report(&server, &key('a'), &head(&Value::Null), &[fast(now(), 1.0)]).await;
    assert_eq!(answer.get("probes"), None, "{answer}");
    let told = state(server.address, id, "it is not asked", is("unknown")).await;
    assert_eq!(told["code"], "agent_too_old", "{told}");
    assert!(told["why"].as_str().is_some_and(|why| why.contains("0.0.7")), "{told}");
    assert!(get(server.address, "/probes").await.body.contains("is too old to ask probes"));
    let off = report(&server, &key('a'), &head(&json!({"off": true})), &[]).await;
    assert_eq!(off.get("probes"), None, "{off}");
    let list = report(&server, &key('a'), &head(&json!({"version": 0})), &[]).await["probes"].clone();
    assert_eq!((&list["probes"][0]["id"], &list["probes"][0]["name"]), (&json!(id), &json!("shop")));
    let again = report(&server, &key('a'), &head(&json!({"version": list["version"]})), &[]).await;
    assert_eq!(again.get("probes"), None, "{again}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_no_check_could_have_come_to_are_refused_and_cost_the_others_nothing() {
    let server = start().await;
    let to = server.address;
    for (digit, name) in [('a', "web-1"), ('b', "web-2")] {
        assert_eq!(enrol(&server, &code(server.data.path()), &key(digit), name).await.0, 200);
    }
    let nowhere = "127.0.0.1:9".parse().expect("an address");
    let [one, other, own] = [
        made(to, &tcp("one", "web-1", nowhere, None)).await,
        made(to, &tcp("other", "web-2", nowhere, None)).await,
        made(to, &tcp("own", "local", nowhere, None)).await,
    ];
    let at = now();
    let with = |name: &str, value: Value| {
        let mut line = json!({"id": one, "at": at, "verdict": "up", "latency_ms": 1.5, "up_ms": 1000});
        line[name] = value;
        json!({ "probe": line }).to_string()
    };
    let year: u64 = 365 * 24 * 3_600_000;
    let lines = [
        with("id", json!(one)),
        with("id", json!(other)),
        with("id", json!(own)),
        with("id", json!(777)),
        with("at", json!(at + year)),
        with("at", json!(at - year)),
        with("verdict", json!("paused")),
        with("verdict", json!("splendid")),
        with("latency_ms", json!(-1)),
        with("latency_ms", json!(1e300)),
        with("latency_ms", json!(1)).replace("\"latency_ms\":1,", "\"latency_ms\":NaN,"),
        with("latency_ms", json!(1)).replace("\"latency_ms\":1,", "\"latency_ms\":1e999,"),
        with("up_ms", json!(year)),
        with("up_ms", json!(-1)),
        with("why", json!("x".repeat(5_000))),
        with("code", json!("<b>")),
        with("certificate_days_left", json!(i64::MAX)),
        with("at", json!(at + 1)),
    ];
    let answer = report(&server, &key('a'), &head(&json!({"version": 0})), &lines).await;
    let counts = (answer["taken"].as_u64(), answer["refused"].as_u64());
    assert_eq!(counts, (Some(2), Some(lines.len() as u64 - 2)), "{answer}");
    assert!(answer["why"].as_str().is_some_and(|why| why.contains("asks no probe")), "{answer}");
    let told = state(to, one, "it is up", is("up")).await;
    assert_eq!((&told["at_ms"], &told["latency_ms"]), (&json!(at + 1), &json!(1.5)));
    let count =
        || async { past(to, "probe.up", one, "count", at - 1_000, at + 1_000).await.iter().sum::<f64>() };
    assert_eq!(count().await, 2.0);
    let foreign = get(to, &format!("/api/v1/hosts/web-1/range?metric=probe.up&label={other}")).await;
    assert_eq!(read(&foreign)["series"], json!([]));
    report(&server, &key('a'), &head(&json!({"version": 0})), &lines[..1]).await;
    assert_eq!(count().await, 2.0);
    let script =
        json!({"id": one, "at": at + 2, "verdict": "down", "why": "<script>alert(1)</script>", "code": "x"});
    report(&server, &key('a'), &head(&json!({"version": 0})), &[json!({ "probe": script }).to_string()])
        .await;
    let page = get(to, "/probes").await.body;
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert(1)"), "{page}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_there_are_not_and_more_probes_than_an_agent_asks_are_refused() {
    let server = start().await;
    let to = server.address;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let nowhere = "127.0.0.1:9".parse().expect("an address");
    for from in ["no-such", "", "Local", "web-1 "] {
        let body = tcp("a", from, nowhere, None).to_string();
        let answer = post(to, "/api/v1/probes", None, JSON, &body).await;
        assert_eq!(answer.status, 422, "{from:?}: {}", answer.body);
    }
    let first = made(to, &tcp("the first", "web-1", nowhere, None)).await;
    for number in 1..100 {
        made(to, &tcp(&format!("probe {number}"), "web-1", nowhere, None)).await;
    }
    let one_more = tcp("one more", "web-1", nowhere, None);
    let answer = post(to, "/api/v1/probes", None, JSON, &one_more.to_string()).await;
    assert!(answer.status == 422 && answer.body.contains("at most 100"), "{}", answer.body);
    let own = made(to, &tcp("one more", "local", nowhere, None)).await;
    assert_eq!(put(to, own, &one_more).await.status, 422);
    let list = report(&server, &key('a'), &head(&json!({"version": 0})), &[]).await["probes"].clone();
    assert_eq!(list["probes"].as_array().map(Vec::len), Some(100));
    // The host goes; what it asked stays, and may be renamed.
    let removed =
        pulseboard().arg("--data-dir").arg(server.data.path()).args(["host", "remove", "web-1"]).status();
    assert!(removed.expect("it runs").success());
    assert_eq!(put(to, first, &tcp("another name", "web-1", nowhere, None)).await.status, 200);
    server.stop().await;
}
