//! Nodes whose clocks are apart: no clock of one node takes entries from all.

mod support;

use std::{sync::Arc, time::Duration};

use broker::{
    Broker, Clock, HistoryFilter, ManualClock, SystemClock,
    conformance::{Recorder, policies},
};
use broker_jetstream::{
    JetStreamBroker,
    test_server::{ServerOptions, TestServer},
};

use support::{Node, settings, topic};

/// Longer than any entry stays.
const APART: Duration = Duration::from_secs(7200);
const ALL: HistoryFilter = HistoryFilter { since: None, before: None, limit: 100, reverse: false };

/// Starts a node whose clock stands at a moment.
async fn node_at(server: &TestServer, unix_millis: u64) -> Node {
    let clock = Arc::new(ManualClock::new(unix_millis));
    let broker = JetStreamBroker::connect(settings(vec![server.url()]), policies(), clock).await;
    let (broker, recorder) = (broker.expect("it connects"), Recorder::new());
    broker.subscribe(recorder.clone()).expect("it has no subscriber yet");
    broker.ready().await.expect("it reads the log");
    Node { broker, recorder }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_ahead_takes_no_entries_for_old() {
    for version in ["2.10.26", "2.15.1"] {
        let server = TestServer::start(version, &ServerOptions::default());
        let near = Node::start(settings(vec![server.url()])).await;
        near.publish("log/a", 1).await;
        let apart = u64::try_from(APART.as_millis()).expect("a small number");
        let ahead = node_at(&server, SystemClock.unix_millis() + apart).await;
        // It published the newest entries itself, so it is the one that removes what is over its bounds.
        ahead.publish("log/a", 2).await;
        for number in 0..10 {
            ahead.publish("short/a", number).await;
        }
        ahead.has("short/a", 10).await;
        // A round goes through all topics: it is over once one that is too long was trimmed.
        let mut short = ahead.broker.history(&topic("short/a"), ALL).await.expect("it is read");
        while short.entries.len() > 5 {
            ahead.broker.sweep();
            tokio::time::sleep(Duration::from_millis(20)).await;
            short = ahead.broker.history(&topic("short/a"), ALL).await.expect("it is read");
        }
        assert_eq!(short.entries.len(), 5, "{version}: by their number, and not by their age");
        let kept = ahead.broker.history(&topic("log/a"), ALL).await.expect("it is read");
        assert_eq!(kept.entries.len(), 2, "{version}");
        assert!(kept.entries.iter().all(|entry| entry.taken_at.elapsed() < APART), "{version}");
        let later = node_at(&server, SystemClock.unix_millis() + apart).await;
        let told = later.has("log/a", 2).await;
        assert!(!told.evicted.contains_key(&topic("log/a")), "{version}: {:?}", told.evicted);
    }
}
