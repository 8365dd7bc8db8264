//! A stream that is full by bytes: the oldest entries go, publishing goes on, and who missed them is told.

mod support;

use std::io::ErrorKind;

use broker::{Broker, HistoryFilter, NewEntry, PublishError, TopicKind};
use broker_jetstream::{
    JetStreamSettings,
    test_server::{ServerOptions, TestRelay, TestServer, VERSIONS},
};
use common::Seq;

use support::{Node, places, settings, topic};

const ENTRIES: usize = 60;
const ENTRY: usize = 32 << 10;
const ROOM: u64 = 1 << 20;

fn text(number: usize) -> String {
    format!("{number:0ENTRY$}")
}

async fn publish(node: &Node, name: &str, text: String) -> Seq {
    let new = NewEntry::new(topic(name), TopicKind::Log, text.into());
    node.broker.publish(new).await.expect("it is stored").cursor.seq
}

fn all() -> HistoryFilter {
    HistoryFilter { since: None, before: None, limit: 1000, reverse: false }
}

async fn is_full(version: &str) {
    let server = TestServer::start(version, &ServerOptions::default());
    let relay = TestRelay::start(server.port()).await;
    let settings = JetStreamSettings { max_bytes: Some(ROOM), ..settings(vec![server.url()]) };
    let near = Node::start(settings.clone()).await;
    let far = Node::start(JetStreamSettings { servers: vec![relay.url()], ..settings.clone() }).await;
    let quiet = publish(&near, "log/quiet", "once".to_owned()).await;
    let first = publish(&near, "log/a", text(0)).await;
    far.has("log/a", 1).await;
    relay.cut().await;
    let mut last = first;
    for number in 1..ENTRIES {
        last = publish(&near, "log/a", text(number)).await;
    }

    // A node that was there was told everything; its history has lost what the log has lost.
    let told = near.has("log/a", ENTRIES).await;
    near.broker.sweep();
    let mut history = near.broker.history(&topic("log/a"), all()).await.expect("it is read");
    while history.trimmed_to < first {
        tokio::task::yield_now().await;
        history = near.broker.history(&topic("log/a"), all()).await.expect("it is read");
    }
    let kept = history.entries.first().expect("the newest are kept").cursor.seq;
    assert!(kept > first && kept <= last, "{version}: {kept:?}");
    let newest: Vec<_> = places(&told, "log/a").into_iter().filter(|(seq, _)| *seq >= kept.0).collect();

    // A node that comes later gets what is left, and is told of both topics that lost entries.
    let later = Node::start(settings).await;
    let seen = later.has("log/a", newest.len()).await;
    assert_eq!(places(&seen, "log/a"), newest, "{version}");
    assert_eq!(seen.evicted[&topic("log/a")], Seq(kept.0 - 1), "{version}");
    assert!(seen.forgotten >= quiet, "{version}: {:?}", seen.forgotten);

    // A node that was away is told the same when it comes back.
    relay.mend();
    let seen = far.has("log/a", 1 + newest.len()).await;
    assert_eq!(places(&seen, "log/a")[1..], newest, "{version}");
    assert_eq!(seen.evicted[&topic("log/a")], Seq(kept.0 - 1), "{version}");
    assert!(seen.evicted[&topic("log/quiet")] >= quiet, "{version}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_gives_up_its_oldest_entries_in_2_10() {
    is_full("2.10.26").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_gives_up_its_oldest_entries_in_2_15() {
    is_full("2.15.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_has_another_bound_says_so() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let settings = settings(vec![server.url()]);
    Node::start(settings.clone()).await;
    let node = Node::start(JetStreamSettings { max_bytes: Some(ROOM), ..settings }).await;
    let details = node.broker.health().details;
    assert!(details.contains("nats stream edit PULSEBOARD --max-bytes 1048576"), "{details}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_room_refuses_publications_and_goes_on_when_it_has_some() {
    for version in VERSIONS {
        let folder = tempfile::tempdir().expect("a folder");
        let lines = format!("jetstream {{ store_dir: {:?}, max_file_store: 4MB }}\n", folder.path());
        let options = ServerOptions { without_jetstream: true, lines, ..ServerOptions::default() };
        let server = TestServer::start(version, &options);
        let node = Node::start(settings(vec![server.url()])).await;
        let mut stored = 0;
        let refused = loop {
            let new = NewEntry::new(topic("log/a"), TopicKind::Log, text(stored).into());
            match node.broker.publish(new).await {
                Ok(_) => stored += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, PublishError::NotStored(ErrorKind::StorageFull)), "{version}: {refused:?}");
        assert_eq!(node.has("log/a", stored).await.entries.len(), stored, "{version}");
        let removed = node.broker.remove(&topic("log/a")).await.expect("it makes room for its own note");
        assert_eq!(removed, u64::try_from(stored).expect("a small number"), "{version}");
        publish(&node, "log/b", text(0)).await;
    }
}
