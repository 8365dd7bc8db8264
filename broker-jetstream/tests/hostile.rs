//! Messages in our form that say what cannot be.

mod support;

use async_nats::HeaderMap;
use broker::{Broker, HistoryFilter};
use broker_jetstream::test_server::{ServerOptions, TestServer};

use support::{Node, places, settings, topic};

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_follows_later_ones_takes_nothing_of_the_log_along_that_comes_after_it() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    node.publish("log/a", 1).await;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let context = async_nats::jetstream::new(client);
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("Pulseboard-Format", "1"),
        ("Pulseboard-Origin", "x-1"),
        ("Pulseboard-Previous", "18446744073709551615"),
        ("Pulseboard-Known", "18446744073709551615"),
    ] {
        headers.insert(name, value);
    }
    for subject in ["pulseboard.log.log.a", "pulseboard.removed.log.b", "pulseboard.latest.latest.a"] {
        let sent = context.publish_with_headers(subject, headers.clone(), "2".into()).await;
        sent.expect("it is sent").await.expect("it is stored");
    }
    let last = node.publish("log/a", 3).await;
    let told = node.has("log/a", 3).await;
    assert!(told.evicted.values().all(|evicted| *evicted < last), "{:?}", told.evicted);
    assert_eq!(node.broker.head().seq, last);
    let all = HistoryFilter { since: None, before: None, limit: 10, reverse: false };
    let history = node.broker.history(&topic("log/a"), all).await.expect("it is read");
    assert!(history.trimmed_to < last, "{history:?}");
    assert_eq!(history.entries.last().map(|entry| entry.cursor.seq), Some(last));
    let later = Node::start(settings(vec![server.url()])).await;
    let seen = places(&later.has("log/a", 2).await, "log/a");
    assert_eq!(seen.last().map(|(seq, _)| *seq), Some(last.0));
    assert_eq!(later.broker.head().seq, last);
}
