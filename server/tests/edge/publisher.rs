//! A publisher with kept connections, for a while: no request without an answer, and what is stored is what was answered.
//!
//! A few seconds with every test run, directly and through nginx. `PULSEBOARD_PUBLISH_SECONDS` says how long instead; HAProxy and Caddy run
//! where that is set, since then they have to be there.

use std::{
    collections::BTreeSet,
    fs,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpStream, sync::oneshot, task::JoinSet, time::Instant};

use super::{
    answers::Raw,
    support::{TestServer, nginx::Nginx, start_with},
};

const PUBLISHERS: usize = 4;
const SECONDS: &str = "PULSEBOARD_PUBLISH_SECONDS";
/// As long as a test run takes for each.
const SHORT: u64 = 2;

async fn start() -> TestServer {
    start_with(|config| {
        config.limits.connections_per_address = 0;
        config.limits.messages_per_second = 0;
    })
    .await
}

fn seconds() -> u64 {
    std::env::var(SECONDS).map_or(SHORT, |text| text.parse().expect("a number"))
}

/// Publishes until `until`; gives the cursors that were answered, and how many connections it took.
async fn publish(to: SocketAddr, nth: usize, until: Instant) -> (BTreeSet<String>, usize) {
    let (mut cursors, mut connections) = (BTreeSet::new(), 1);
    let mut raw = Raw::to(to).await;
    let mut count = 0_u64;
    while Instant::now() < until {
        let body = format!(r#"{{"topic":"custom/kept-{nth}","data":{count}}}"#);
        let head = "POST /api/v1/publish HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
        raw.write(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
        let answer =
            raw.answer(false).await.unwrap_or_else(|| panic!("publisher {nth}: {count} has no answer"));
        assert_eq!(answer.status, 200, "publisher {nth}, {count}: {answer:?}");
        let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert!(cursors.insert(told["cursor"].as_str().expect("a cursor").to_owned()), "{told}");
        count += 1;
        if answer.closes() {
            raw = Raw::to(to).await;
            connections += 1;
        }
        // Now and then it has nothing to say for a while, as long as proxies keep what is idle.
        let pause = if count.is_multiple_of(5_000) {
            Duration::from_secs(seconds() / 60)
        } else {
            Duration::from_millis(2)
        };
        tokio::time::sleep(pause).await;
    }
    (cursors, connections)
}

/// Follows all publishers until told to stop; gives the cursors of what it heard.
async fn follow(to: SocketAddr, from: String, mut stop: oneshot::Receiver<usize>) -> BTreeSet<String> {
    let topics: Vec<_> = (0..PUBLISHERS).map(|nth| format!("custom/kept-{nth}")).collect();
    let (mut heard, mut want) = (BTreeSet::new(), None);
    let mut since = format!("&since={from}");
    let mut raw = Raw::to(to).await;
    while want.is_none_or(|want| heard.len() < want) {
        let question = format!("GET /live/long-poll?topics={}{since}&wait=1", topics.join(","));
        raw.write(format!("{question} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
        let answer = raw.answer(false).await.expect("an answer");
        let frames: Vec<Value> = if answer.status == 204 {
            Vec::new()
        } else {
            serde_json::from_slice(&answer.body).expect("frames")
        };
        for frame in frames {
            assert_ne!(frame["type"], "gap", "the follower keeps up: {frame}");
            if let Some(cursor) = frame["cursor"].as_str() {
                since = format!("&since={cursor}");
                if frame["type"] == "event" {
                    assert!(heard.insert(cursor.to_owned()), "twice: {frame}");
                }
            }
        }
        if want.is_none() {
            want = stop.try_recv().ok();
        }
    }
    heard
}

async fn run(server: TestServer, to: SocketAddr, name: &str) {
    let (stop, stopped) = oneshot::channel();
    let following = tokio::spawn(follow(server.address, server.hub.head().to_string(), stopped));
    let until = Instant::now() + Duration::from_secs(seconds());
    let mut publishers = JoinSet::new();
    for nth in 0..PUBLISHERS {
        publishers.spawn(publish(to, nth, until));
    }
    let (mut answered, mut connections) = (BTreeSet::new(), 0);
    while let Some(published) = publishers.join_next().await {
        let (cursors, count) = published.expect("each request has an answer");
        answered.extend(cursors);
        connections += count;
    }
    stop.send(answered.len()).expect("someone follows");
    let stored = following.await.expect("it follows");
    assert_eq!(stored, answered, "what is stored is what was answered");
    eprintln!("{name}: {} publications in {} s on {connections} connections", answered.len(), seconds());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publication_is_answered_and_stored() {
    let server = start().await;
    let to = server.address;
    run(server, to, "plain").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publication_is_answered_and_stored_through_nginx() {
    let server = start().await;
    let nginx = Nginx::keeping_connections(&server, 2, "").await;
    run(server, nginx.address, "nginx").await;
}

/// A proxy that is started with one file, and ends with the test.
struct ProxyProcess {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Drop for ProxyProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn behind(program: &str, arguments: &[&str], settings: impl FnOnce(SocketAddr, SocketAddr) -> String) {
    if std::env::var(SECONDS).is_err() {
        return;
    }
    let server = start().await;
    let address = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings");
    fs::write(&file, settings(address, server.address)).expect("written");
    let child = Command::new(program)
        .args(arguments)
        .arg(&file)
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it is installed");
    let proxy = ProxyProcess { child, _folder: folder };
    while TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    run(server, address, program).await;
    drop(proxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publication_is_answered_and_stored_through_haproxy() {
    behind("haproxy", &["-db", "-f"], |at, server| {
        format!(
            "defaults\n mode http\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n http-reuse always\n\
             frontend f\n bind {at}\n default_backend b\nbackend b\n server s {server}\n"
        )
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_publication_is_answered_and_stored_through_caddy() {
    behind("caddy", &["run", "--adapter", "caddyfile", "--config"], |at, server| {
        format!(
            "{{\n admin off\n auto_https off\n}}\nhttp://:{} {{\n reverse_proxy {server} {{\n header_up Host localhost\n }}\n}}\n",
            at.port()
        )
    })
    .await;
}
