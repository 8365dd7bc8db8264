//! Three hundred hosts at once: the page and the address of their numbers have all of them, and tell each reader what that one may read.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use store::{NewEnrolment, SecretHash, Store as _};
use store_sqlite::{SqliteOptions, SqliteStore};

use crate::{
    Agent, agent, code, now, post,
    support::{TestServer, binary::pulseboard, get, request, start},
    until,
};

const HOSTS: usize = 300;
const NDJSON: &str = "application/x-ndjson";

fn key(index: usize) -> String {
    format!("pba_{index:064x}")
}

fn name(index: usize) -> String {
    format!("h-{index}")
}

fn info(index: usize) -> Value {
    let hostname = format!("h{index}.example");
    json!({
        "id": "x", "hostname": hostname, "os": "Debian GNU/Linux 12", "kernel": null, "cpu_model": null, "cores": 4,
        "fast_ms": 1000, "slow_ms": 2000
    })
}

fn labels(index: usize) -> Value {
    json!({ "role": if index.is_multiple_of(3) { "db" } else { "web" }, "site": "서울" })
}

/// Enrols as many agents as there are to be. Their codes go straight into the store, as the command line puts them there.
async fn enrol_all(server: &TestServer) {
    let store = SqliteStore::open(server.data.path(), SqliteOptions::default()).expect("the store");
    for index in 0..HOSTS {
        let new = NewEnrolment {
            secret: SecretHash::of(name(index).as_bytes()),
            created_by: None,
            created_ms: now(),
            expires_ms: now() + 600_000,
        };
        store.hosts().create_enrolment(new).await.expect("a code");
    }
    store.close().await;
    let enrol = |index: usize| async move {
        let question = json!({
            "code": name(index), "key": key(index), "name": name(index), "info": info(index), "labels": labels(index)
        });
        let to = server.address;
        let answer = post(to, "/api/v1/agents/enrol", None, "application/json", &question.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    };
    for some in (0..HOSTS).collect::<Vec<_>>().chunks(50) {
        join_all(some.iter().map(|index| enrol(*index))).await;
    }
}

/// A report of forty series.
fn lines(index: usize, round: u64, labels: &Value) -> String {
    let (at, cpu) = (now(), cpu(index, round));
    let by = |prefix: &str, count: usize| -> Value {
        (0..count)
            .map(|n| (format!("{prefix}{n}"), json!(n as f64)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let head = json!({ "info": info(index), "labels": labels, "version": "9.9", "now": at, "run": index });
    let metrics = json!({ "metrics": { "at": at, "values": {
        "cpu.total": cpu, "memory.percent": 41.25, "disk.percent": 91.0, "cpu.core": by("", 16)
    } } });
    let system = json!({ "system": { "sample": { "at": at, "values": {
        "uptime": 90_210.0 + round as f64, "network.received": { "eth0": 1_000.0, "eth1": 500.0 },
        "network.sent": { "eth0": 250.0 }, "filesystem.used": by("/mnt/", 16)
    } } } });
    [head, metrics, system].map(|line| line.to_string()).join("\n")
}

fn cpu(index: usize, round: u64) -> f64 {
    ((index as u64 * 7 + round * 11) % 100) as f64
}

async fn report(server: &TestServer, index: usize, body: &str) -> (u16, String) {
    let answer = post(server.address, "/api/v1/agents/report", Some(&key(index)), NDJSON, body).await;
    (answer.status, answer.body)
}

async fn status(server: &TestServer, lines: &str) -> Value {
    let to = server.address;
    let head = format!("GET /api/v1/host-status HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{lines}\r\n");
    let answer = request(to, &head).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

fn ids(status: &Value) -> Vec<&str> {
    let hosts = status["hosts"].as_array().expect("a list");
    hosts.iter().map(|host| host["id"].as_str().expect("a name")).collect()
}

fn of<'a>(status: &'a Value, id: &str) -> &'a Value {
    let hosts = status["hosts"].as_array().expect("a list");
    hosts.iter().find(|host| host["id"] == id).unwrap_or_else(|| panic!("{id} is there"))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_hosts_that_report_each_second_are_all_told() {
    let server = start().await;
    enrol_all(&server).await;
    let before = status(&server, "").await;
    assert_eq!(ids(&before).len(), HOSTS + 1);
    assert_eq!(
        (of(&before, "h-7")["state"].as_str(), of(&before, "h-7")["cpu"].as_f64()),
        (Some("never"), None)
    );

    let mut revisions = Vec::new();
    for round in 0..4 {
        let began = Instant::now();
        let all = (0..HOSTS).map(|index| {
            let server = &server;
            async move {
                let (status, body) = report(server, index, &lines(index, round, &labels(index))).await;
                assert!(status == 200 && body.contains("\"taken\":2,\"refused\":0"), "{status}: {body}");
            }
        });
        join_all(all).await;
        let told = status(&server, "").await;
        assert_eq!(ids(&told).len(), HOSTS + 1);
        for index in 0..HOSTS {
            let host = of(&told, &name(index));
            let numbers = ["cpu", "memory", "disk", "received", "sent", "uptime"].map(|of| host[of].as_f64());
            // The rates come every two seconds by the facts of these agents, and each report has them.
            let expected =
                [cpu(index, round), 41.25, 91.0, 1_500.0, 250.0, 90_210.0 + round as f64].map(Some);
            assert_eq!(numbers, expected, "{host}");
            assert_eq!(host["state"], "online", "{host}");
            let heard = host["heard_ms"].as_u64().expect("a time");
            assert!(heard.abs_diff(told["at"].as_u64().expect("a time")) < 60_000, "{host}");
        }
        revisions.push(told["revision"].clone());
        println!("round {round}: {} ms", began.elapsed().as_millis());
        tokio::time::sleep(Duration::from_secs(1).saturating_sub(began.elapsed())).await;
    }
    revisions.dedup();
    assert_eq!(revisions.len(), 1, "numbers alone are no other facts");

    let changed = lines(7, 9, &json!({ "role": "cache" }));
    assert_eq!(report(&server, 7, &changed).await.0, 200);
    assert_ne!(status(&server, "").await["revision"], revisions[0], "a label is a fact");

    // The answer is small, and the document has each host once, those that do not match hidden.
    let to = server.address;
    let mut packed = tokio::net::TcpStream::connect(to).await.expect("it accepts");
    let ask = format!(
        "GET /api/v1/host-status HTTP/1.1\r\nhost: {to}\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n"
    );
    tokio::io::AsyncWriteExt::write_all(&mut packed, ask.as_bytes()).await.expect("written");
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut packed, &mut bytes).await.expect("read");
    assert!(String::from_utf8_lossy(&bytes).contains("content-encoding: gzip"));
    println!("the numbers of {HOSTS} hosts: {} bytes", bytes.len());
    assert!(bytes.len() < 16 << 10, "{} bytes", bytes.len());
    let page = get(to, "/hosts?q=role%3Ddb%20debian&sort=cpu&group=role").await.body;
    let rows: Vec<&str> = page.split("<tr ").filter(|row| row.contains("data-id=")).collect();
    assert_eq!(rows.len(), HOSTS + 1);
    let shown = rows.iter().filter(|row| !row.split('>').next().is_some_and(|tag| tag.contains(" hidden")));
    assert_eq!(shown.count(), HOSTS / 3);
    assert_eq!(
        page.matches("class=\"hosts__group\"").count(),
        4,
        "cache, db, web, and this machine without one"
    );
    assert!(page.contains("aria-sort=\"descending\""));
    println!("the document: {} bytes", page.len());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_one_hosts_topics_gets_that_one_alone() {
    let server = start().await;
    for index in [1, 2] {
        let question = json!({ "code": code(server.data.path()), "key": key(index), "name": name(index), "info": info(index) });
        let to = server.address;
        let answer = post(to, "/api/v1/agents/enrol", None, "application/json", &question.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(report(&server, index, &lines(index, 1, &labels(index))).await.0, 200);
    }
    let says = |arguments: &[&str]| {
        let mut command = pulseboard();
        let said =
            command.arg("--data-dir").arg(server.data.path()).args(arguments).output().expect("it runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).expect("text")
    };
    says(&["user", "add", "kim", "--role", "admin"]);
    // Once there is an account, who has no proof is told nothing.
    while get(server.address, "/api/v1/host-status").await.status != 401 {
        tokio::task::yield_now().await;
    }
    let token = |scope: &str| {
        let said = says(&["token", "create", scope, "--user", "kim", "--scope", scope]);
        let secret = said.split_whitespace().find(|word| word.starts_with("pbt_")).expect("a token");
        format!("authorization: Bearer {secret}\r\n")
    };
    let told = status(&server, &token("read:host/h-1/metrics")).await;
    assert_eq!(ids(&told), ["h-1"]);
    let host = of(&told, "h-1");
    assert_eq!(
        (host["cpu"].as_f64(), host["received"].as_f64(), host["uptime"].as_f64()),
        (Some(cpu(1, 1)), None, None)
    );
    let told = status(&server, &token("read:host/h-2/system")).await;
    let host = of(&told, "h-2");
    assert_eq!(
        (ids(&told), host["cpu"].as_f64(), host["received"].as_f64()),
        (vec!["h-2"], None, Some(1_500.0))
    );
    assert_eq!(ids(&status(&server, &token("read:*")).await), ["local", "h-1", "h-2"]);
    assert_eq!(ids(&status(&server, &token("read:custom/*")).await), [""; 0]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_that_are_none_are_refused_and_odd_ones_stay_text() {
    let server = start().await;
    let to = server.address;
    let enrol = |labels: Value| {
        json!({ "code": code(server.data.path()), "key": key(1), "name": "h-1", "info": info(1), "labels": labels }).to_string()
    };
    let question = enrol(json!({ "Role": "db" }));
    assert_eq!(post(to, "/api/v1/agents/enrol", None, "application/json", &question).await.status, 422);
    let question = enrol(json!({ "role": "db" }));
    let answer = post(to, "/api/v1/agents/enrol", None, "application/json", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let nine: Value = (0..9).map(|n| (format!("k{n}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    for labels in [
        json!({ "": "x" }),
        json!({ "role name": "x" }),
        json!({ "role": "" }),
        json!({ "role": "a\u{0}b" }),
        json!({ "role": "a\nsite=x" }),
        json!({ "role": "가".repeat(65) }),
        json!({ "k".repeat(33): "x" }),
        json!({ "role": 1 }),
        json!([]),
        nine,
    ] {
        let (status, body) = report(&server, 1, &lines(1, 1, &labels)).await;
        assert_eq!(status, 400, "{labels}: {body}");
    }
    let odd = "</td><script>alert(1)</script>\"'\u{202e}&=";
    let (status, body) = report(&server, 1, &lines(1, 1, &json!({ "role": odd, "site": "서울" }))).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(crate::agents(to).await[0]["labels"], json!({ "role": odd, "site": "서울" }));
    let page = get(to, "/hosts?group=role").await.body;
    assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{page}");
    assert!(page.contains("site=서울"));
    // An agent of before there were labels, or one that has none any more, says nothing of them.
    let (status, body) = report(&server, 1, &lines(1, 2, &json!({}))).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(crate::agents(to).await[0]["labels"], json!({}));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_keeps_its_labels_until_it_is_given_others() {
    let (server, folder) = (start().await, tempfile::tempdir().expect("a folder"));
    let to = server.address;
    let code = code(server.data.path());
    let hub = format!("http://{to}");
    let mut run = agent(folder.path());
    run.args([
        "--hub",
        &hub,
        "--enrol",
        &code,
        "--name",
        "web-1",
        "--label",
        "role=db",
        "--label",
        "site=서울",
    ]);
    let first = Agent::run(&mut run);
    let has = |labels: Value| move |agent: &Value| agent["online"] == true && agent["labels"] == labels;
    until(to, "it has its labels", has(json!({ "role": "db", "site": "서울" }))).await;
    first.kill();
    let second = Agent::run(agent(folder.path()).args(["--label", "role=web"]));
    until(to, "it has the new ones", has(json!({ "role": "web" }))).await;
    second.kill();
    let third = Agent::start(folder.path());
    let heard = until(to, "it is there", |agent| agent["online"] == true).await["heard_ms"].as_u64();
    until(to, "it has kept them", |agent| {
        agent["heard_ms"].as_u64() > heard && agent["labels"] == json!({ "role": "web" })
    })
    .await;
    third.kill();
    let fourth = Agent::run(agent(folder.path()).args(["--label", ""]));
    until(to, "it has none", has(json!({}))).await;
    fourth.kill();
    let refused = agent(folder.path()).args(["--label", "Role=x"]).output().expect("it runs");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the key"));
    server.stop().await;
}
