//! Publications outlive the process, however it ends.

mod support;

use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::{Value, json};
use support::{
    Answer,
    binary::{ServerProcess, pulseboard, refusal},
    post, stream,
};

fn serve(command: &mut Command, data: &Path) -> ServerProcess {
    ServerProcess::new(command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data))
}

async fn publish(to: SocketAddr, topic: &'static str, data: Value) -> Answer {
    let body = json!({ "topic": topic, "data": data }).to_string();
    post(to, "/api/v1/publish", "application/json", &body).await
}

fn cursor(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).expect("JSON");
    body["cursor"].as_str().expect("a cursor").to_owned()
}

/// Reads the events of a client that comes back with a cursor: the welcome's verdict, and every event's cursor and
/// payload.
async fn heard(to: SocketAddr, topics: &str, since: &str) -> (Value, Vec<(String, Value)>) {
    let last = cursor(&publish(to, "custom/a", json!("the last")).await);
    let path = format!("/live/sse?topics={topics}&since={since}");
    let last = format!("id: {last}\n");
    let text =
        stream(to, &path, |text| text.split_once(&last).is_some_and(|(_, rest)| rest.contains("\n\n"))).await;
    let field = |block: &str, name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
    };
    let mut verdict = Value::Null;
    let mut events = Vec::new();
    for block in text.split("\n\n") {
        let data: Value =
            field(block, "data").and_then(|data| serde_json::from_str(&data).ok()).unwrap_or_default();
        match (field(block, "event").as_deref(), field(block, "id")) {
            (Some("welcome"), _) => verdict = data["verdict"].clone(),
            (None, Some(id)) if data["data"] != "the last" => events.push((id, data["data"].clone())),
            _ => {}
        }
    }
    (verdict, events)
}

#[tokio::test]
async fn after_kill_9_a_client_resumes_and_finds_every_acknowledged_publication_once() {
    const PUBLISHERS: u64 = 4;
    let data = tempfile::tempdir().expect("a folder");
    let mut server = serve(&mut pulseboard(), data.path());
    let since = cursor(&publish(server.address, "custom/a", json!("the first")).await);
    let mut acknowledged = Vec::new();
    for life in 0..3u64 {
        let to = server.address;
        let (enough, mut counted) = tokio::sync::mpsc::channel(64);
        let publishers: Vec<_> = (0..PUBLISHERS)
            .map(|publisher| {
                let enough = enough.clone();
                tokio::spawn(async move {
                    let topic = ["custom/a", "custom/b"][publisher as usize % 2];
                    let mut told = Vec::new();
                    for n in 0.. {
                        let data = json!([life, publisher, n]);
                        // The one that is under way when the server dies has no answer: its task panics.
                        let Ok(answer) = tokio::spawn(publish(to, topic, data.clone())).await else {
                            break;
                        };
                        told.push((cursor(&answer), data));
                        let _ = enough.send(()).await;
                    }
                    told
                })
            })
            .collect();
        for _ in 0..50 {
            counted.recv().await.expect("publications are acknowledged");
        }
        drop(counted);
        server.child.kill().expect("SIGKILL");
        server.child.wait().expect("it died");
        for publisher in publishers {
            acknowledged.extend(publisher.await.expect("a publisher"));
        }
        server = serve(&mut pulseboard(), data.path());
    }
    let (verdict, events) = heard(server.address, "custom/a,custom/b", &since).await;
    assert_eq!(verdict, "resumed");
    for one in &acknowledged {
        assert_eq!(events.iter().filter(|event| *event == one).count(), 1, "{one:?}");
    }
    let number = |cursor: &str| cursor.split_once('-').and_then(|(_, seq)| seq.parse::<u64>().ok());
    let numbers: Vec<_> = events.iter().map(|(cursor, _)| number(cursor).expect("a number")).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "in order, none twice: {numbers:?}");
    let unheard = events.len() - acknowledged.len();
    assert!(unheard as u64 <= 3 * PUBLISHERS, "at most the publications under way were stored unheard");
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing_behind_that_was_refused() {
    let data = tempfile::tempdir().expect("a folder");
    // The disk was not full yet when the store of accounts was made.
    drop(serve(&mut pulseboard(), data.path()));
    // No file may grow beyond 64 blocks of 512 bytes; a write that would is cut short, as on a full disk.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_pulseboard")]);
    let server = serve(&mut command, data.path());
    let since = cursor(&publish(server.address, "custom/a", json!("the first")).await);
    let text = "x".repeat(1000);
    let mut stored = Vec::new();
    let length = || {
        let files = fs::read_dir(data.path().join("log")).expect("a folder");
        let length = |file: fs::DirEntry| file.metadata().expect("its length").len();
        files
            .map(|file| file.expect("a file"))
            .filter(|file| file.file_name() != "head")
            .map(length)
            .sum::<u64>()
    };
    let refused = loop {
        let before = length();
        let payload = json!([stored.len(), text]);
        let answer = publish(server.address, "custom/a", payload.clone()).await;
        if answer.status != 200 {
            assert_eq!(length(), before, "what was cut short is cut off");
            break answer;
        }
        stored.push((cursor(&answer), payload));
        assert!(stored.len() < 100, "the limit holds");
    };
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("\"not_stored\""), "{}", refused.body);
    // A shorter one still finds room behind the others.
    let short = json!("short");
    stored.push((cursor(&publish(server.address, "custom/a", short.clone()).await), short));
    let health = support::get(server.address, "/healthz").await;
    assert_eq!(health.status, 200, "the rest goes on");
    drop(server);
    let server = serve(&mut pulseboard(), data.path());
    let (verdict, events) = heard(server.address, "custom/a", &since).await;
    assert_eq!((verdict, events), (json!("resumed"), stored));
}

#[test]
fn two_servers_cannot_have_one_folder() {
    let data = tempfile::tempdir().expect("a folder");
    let first = serve(&mut pulseboard(), data.path());
    let mut command = pulseboard();
    command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(data.path());
    let told = refusal(&mut command);
    assert!(told.contains("in use by another server") && told.contains("--data-dir"), "{told}");
    drop(first);
    serve(&mut pulseboard(), data.path());
}

#[tokio::test]
async fn a_folder_of_a_server_without_a_stored_log_gets_a_later_epoch_and_keeps_it() {
    let data = tempfile::tempdir().expect("a folder");
    let far_future = 4_102_444_800_000u64;
    fs::write(data.path().join("epoch"), far_future.to_string()).expect("written");
    let mut epochs = Vec::new();
    for _ in 0..2 {
        let server = serve(&mut pulseboard(), data.path());
        let cursor = cursor(&publish(server.address, "custom/a", json!(1)).await);
        epochs.push(cursor.split_once('-').expect("a cursor").0.to_owned());
        assert!(!data.path().join("epoch").exists(), "the stored log has it now");
    }
    assert_eq!(epochs, [format!("{:x}", far_future + 1), format!("{:x}", far_future + 1)]);
}

#[test]
fn what_was_published_is_for_the_user_who_runs_it_only() {
    let data = tempfile::tempdir().expect("a folder");
    let _server = serve(&mut pulseboard(), data.path());
    for entry in fs::read_dir(data.path().join("log")).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("its mode").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
    }
}
