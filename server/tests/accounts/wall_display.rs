//! Topics that are shown without signing in, on every way by which they can be read.

use std::time::Duration;

use common::{
    frame::{ByeReason, ServerFrame},
    history::History,
    host::HostSnapshot,
};
use tokio::time::timeout;
use transport_probes::{Ask, Connection, LONG_WAIT, Seen, WebSocket, masked_frame};

use crate::{
    browser::Browser,
    set_up,
    support::{TestServer, get, post, start_with, stream},
};

/// A server that shows these topics to whoever has not signed in, before its first account.
async fn showing(topics: &[&str]) -> TestServer {
    let shown = topics.iter().map(|text| text.parse().expect("it may be shown")).collect();
    start_with(|config| config.anonymous_topics = shown).await
}

async fn connect(server: &TestServer, topics: &[&str]) -> Vec<Box<dyn Connection>> {
    let mut all = Vec::new();
    for probe in transport_probes::all() {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(topics) };
        let mut client = probe.connect(server.address, ask).await.expect("it may");
        client.verdict().await;
        all.push(client);
    }
    all
}

fn publish(server: &TestServer, topic: &str, data: &'static str) {
    server.hub.publish(&topic.parse().expect("a topic"), data.into()).expect("published");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_transport_tells_what_is_shown_and_nothing_else() {
    let server = showing(&["custom/shown", "custom/*/shown"]).await;
    let _admin = set_up(&server).await;
    for probe in transport_probes::all() {
        for topic in
            ["custom/a", "chat/lobby", "notices/all", "presence/lobby", "rooms", "host/local/metrics"]
        {
            let refused = probe.connect(server.address, Ask::topics(&[topic])).await.err();
            let refused = refused.unwrap_or_else(|| panic!("{topic} is followed"));
            assert!(refused.body.contains("not_signed_in"), "{topic}: {}", refused.body);
        }
    }
    for mut client in connect(&server, &["custom/a", "custom/shown", "chat/lobby"]).await {
        publish(&server, "custom/a", "1");
        publish(&server, "custom/shown", "2");
        assert_eq!(client.event().await.data.get(), "2");
    }
    assert_eq!(get(server.address, "/sse/cpumemdisk").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_connection_adds_what_is_shown_alone_and_sends_nothing() {
    let server = showing(&["custom/*"]).await;
    let mut admin = set_up(&server).await;
    let ask = Ask::topics(&["custom/a"]);
    let probe: &dyn transport_probes::Probe = &WebSocket;
    let mut line = probe.connect(server.address, ask).await.expect("it may");
    line.verdict().await;
    let subscribe =
        br#"{"type":"subscribe","topics":["chat/lobby","custom/b","notices/all"],"snapshot":true}"#;
    line.send_raw(masked_frame(0x81, subscribe)).await;
    let send =
        br#"{"type":"send","topic":"chat/lobby","id":"message-1","data":{"name":"kim","text":"hello"}}"#;
    line.send_raw(masked_frame(0x81, send)).await;
    let (mut is_added, mut is_refused) = (false, false);
    while !(is_added && is_refused) {
        match line.frame().await {
            ServerFrame::Subscribed { topics } => {
                assert_eq!(topics.iter().map(common::Topic::as_str).collect::<Vec<_>>(), ["custom/b"]);
                is_added = true;
            }
            ServerFrame::Rejected(rejection) => {
                assert_eq!(rejection.error.code.status(), 401, "{}", rejection.error.message);
                is_refused = true;
            }
            ServerFrame::Heartbeat { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    let json = "application/json";
    let message = r#"{"topic":"chat/lobby","id":"message-2","data":{"name":"kim","text":"hello"}}"#;
    for (path, body) in [
        ("/live/send", message),
        ("/api/v1/publish", r#"{"topic":"custom/a","data":1}"#),
        ("/api/v1/notices", r#"{"to":"all","title":"x"}"#),
    ] {
        assert_eq!(post(server.address, path, json, body).await.status, 401, "{path}");
    }
    let said = admin.get("/api/v1/chat/lobby/messages").await;
    assert_eq!(said.status, 200);
    assert!(!said.body.contains("hello"), "{}", said.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn rest_and_the_overview_have_what_is_shown_and_other_pages_lead_to_sign_in() {
    let server = showing(&["host/*/metrics"]).await;
    let _admin = set_up(&server).await;
    let to = server.address;
    stream(to, "/live/sse?topics=host/local/metrics", |text| text.matches("cpu.total").count() >= 2).await;
    let host = get(to, "/api/v1/hosts/local").await;
    let host: HostSnapshot = serde_json::from_str(&host.body).expect("a host");
    assert!(host.metrics.is_some() && !host.history.values.is_empty());
    assert!(host.system.is_none() && host.processes.is_none() && host.history.rates.values.is_empty());
    let history = get(to, "/api/v1/hosts/local/history").await;
    let history: History = serde_json::from_str(&history.body).expect("a history");
    assert!(!history.at.is_empty() && history.rates.at.is_empty());
    assert!(get(to, "/api/v1/hosts").await.body.contains("local"));
    for path in ["/api/v1/chat/lobby/messages", "/metrics", "/api/v1/connections", "/api/v1/notices"] {
        assert_eq!(get(to, path).await.status, 401, "{path}");
    }
    let mut browser = Browser::new(to);
    let page = browser.get("/").await;
    assert_eq!(page.status, 200, "{}", page.head);
    for text in [&*host.info.hostname, "data-testid=\"card-cpu\"", "href=\"/sign-in\"", "rel=\"external\""] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.body.contains("data-testid=\"card-network\""), "its topic is not shown");
    for (path, leads_to) in [("/lab", "/sign-in?next=%2Flab"), ("/account", "/sign-in?next=%2Faccount")] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(leads_to)), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_topic_of_a_host_is_shown_the_overview_leads_to_sign_in() {
    let server = showing(&["custom/*"]).await;
    let _admin = set_up(&server).await;
    assert_eq!(Browser::new(server.address).get("/").await.header("location"), Some("/sign-in"));
    assert_eq!(get(server.address, "/api/v1/hosts").await.body, "[]");
    assert_eq!(get(server.address, "/api/v1/hosts/local").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_ends_what_was_open_and_leaves_what_is_shown() {
    let server = showing(&["custom/shown"]).await;
    let all = connect(&server, &["custom/shown", "custom/a"]).await;
    let _admin = set_up(&server).await;
    publish(&server, "custom/a", "1");
    for mut client in all {
        loop {
            match timeout(Duration::from_secs(20), client.see()).await.expect("it ends") {
                Seen::Frame(ServerFrame::Event(event)) => panic!("{} was told", event.data.get()),
                Seen::Frame(ServerFrame::Bye { reason, .. }) => assert_eq!(reason, ByeReason::SignedOut),
                Seen::Frame(_) => {}
                Seen::End(_) => break,
            }
        }
    }
    for mut client in connect(&server, &["custom/shown", "custom/a"]).await {
        publish(&server, "custom/shown", "2");
        assert_eq!(client.event().await.data.get(), "2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_shown_to_readers_of_all_numbers_of_its_host_and_is_not_there_for_others() {
    let addresses = ["/explore", "/explore.svg", "/api/v1/range.csv"];
    for (shown, status) in [("host/*/metrics", 404), ("host/*/*", 200)] {
        let server = showing(&[shown]).await;
        let mut admin = set_up(&server).await;
        while !admin.get("/explore?find=cpu.total").await.body.contains("series=local%3Acpu.total&") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for address in addresses {
            let series = format!("{address}?series=local:cpu.total");
            let answer = Browser::new(server.address).get(&series).await;
            assert_eq!(answer.status, status, "{shown} {series}: {}", answer.body);
            let is_absent = answer.body.contains("There is no series local:cpu.total.");
            assert_eq!(is_absent, status == 404, "{shown} {series}: {}", answer.body);
            assert_eq!(admin.get(&series).await.status, 200, "{shown} {series}");
        }
        let found = Browser::new(server.address).get("/explore?find=cpu").await;
        assert_eq!(found.body.contains("series=local%3Acpu.total"), status == 200, "{shown}: {}", found.body);
    }
}
