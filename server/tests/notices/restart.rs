//! A server that ends and comes back doubles nothing and loses nothing.

use std::path::Path;

use serde_json::json;
use transport_probes::WebSocket;

use crate::{
    browser::Browser,
    support::binary::{ServerProcess, pulseboard},
    team::{ask, connect, json, read, send, titles},
};

async fn serve(data: &Path) -> ServerProcess {
    let data = data.to_owned();
    let starting = move || {
        let mut command = pulseboard();
        ServerProcess::new(command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data))
    };
    tokio::task::spawn_blocking(starting).await.expect("it starts")
}

const TOPICS: [&str; 2] = ["notices/all", "notices/user/0"];

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_each_notice_is_there_once_and_read_as_before() {
    let data = tempfile::tempdir().expect("a folder");
    let server = serve(data.path()).await;
    let house = Browser::new(server.address);
    let mut line = connect(&WebSocket, &house, &TOPICS, None).await.expect("it may");
    line.verdict().await;
    let first = send(&house, "all", "first").await["id"].clone();
    line.event().await;
    assert_eq!(read(&house, &first).await.status, 200);
    let since = line.event().await.cursor.to_string();
    let keyed = json!({"to": "all", "level": "info", "title": "second"}).to_string();
    let lines = "idempotency-key: k\r\n";
    assert_eq!(ask(&house, "/api/v1/notices", lines, Some(&keyed)).await.status, 201);
    line.event().await;
    // Killed: what was answered is on the disk.
    drop(server);

    let server = serve(data.path()).await;
    let house = Browser::new(server.address);
    let page = json(&house, "/api/v1/notices").await;
    assert_eq!((titles(&page), &page["unread"]), (vec!["second", "first"], &1.into()));
    assert_eq!(ask(&house, "/api/v1/notices", lines, Some(&keyed)).await.status, 200, "it was sent before");
    let mut line = connect(&WebSocket, &house, &TOPICS, Some(&since)).await.expect("it may");
    line.verdict().await;
    send(&house, "all", "third").await;
    let mut told = Vec::new();
    while told.last().is_none_or(|last: &String| !last.contains("third")) {
        told.push(line.event().await.data.get().to_owned());
    }
    let seconds = told.iter().filter(|data| data.contains("second")).count();
    assert!(seconds <= 1 && told.len() == seconds + 1, "{told:?}");
    // Reading went on from where it was.
    assert_eq!(json(&house, "/api/v1/notices").await["unread"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_the_command_line_waits_for_the_server() {
    let data = tempfile::tempdir().expect("a folder");
    drop(serve(data.path()).await);
    let output =
        pulseboard().arg("--data-dir").arg(data.path()).args(["notice", "while it was away"]).output();
    assert!(output.expect("it runs").status.success());
    let server = serve(data.path()).await;
    let house = Browser::new(server.address);
    assert_eq!(titles(&json(&house, "/api/v1/notices").await), ["while it was away"]);
    // It is told of once: a later one follows at once.
    let mut line = connect(&WebSocket, &house, &TOPICS, Some("1-0")).await.expect("it may");
    line.verdict().await;
    send(&house, "all", "later").await;
    loop {
        let common::frame::ServerFrame::Event(event) = line.frame().await else { continue };
        if event.data.get().contains("later") {
            break;
        }
        assert!(event.data.get().contains("while it was away"), "{}", event.data.get());
    }
    let metrics = ask(&house, "/metrics", "", None).await.body;
    assert!(metrics.contains(r#"pulseboard_notices_sent_total{level="info"} 1"#), "{metrics}");
}
