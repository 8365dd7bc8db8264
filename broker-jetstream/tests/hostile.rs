//! Messages in our form that say what cannot be, and nodes that are none.

mod support;

use std::{sync::Arc, time::Duration};

use async_nats::HeaderMap;
use broker::{Broker, HistoryFilter};
use broker_jetstream::test_server::{ServerOptions, TestServer};
use bytes::Bytes;
use common::{Cursor, Seq};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;

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
    reads_up_to(&node, last).await;
    let all = HistoryFilter { since: None, before: None, limit: 10, reverse: false };
    let history = node.broker.history(&topic("log/a"), all).await.expect("it is read");
    assert!(history.trimmed_to < last, "{history:?}");
    assert_eq!(history.entries.last().map(|entry| entry.cursor.seq), Some(last));
    let later = Node::start(settings(vec![server.url()])).await;
    let seen = places(&later.has("log/a", 2).await, "log/a");
    assert_eq!(seen.last().map(|(seq, _)| *seq), Some(last.0));
    reads_up_to(&later, last).await;
}

/// Waits until the log is told up to a number; no number behind it may be told.
async fn reads_up_to(node: &Node, last: Seq) {
    let place = Cursor { seq: last, latest: Seq::START, ..node.broker.head() };
    assert!(node.broker.caught_up(place).await);
    assert_eq!(node.broker.head().seq, last);
}

/// Says on the subject of presence that nodes are there, each with a member of its name.
async fn say_members(client: &async_nats::Client, names: &[&str]) {
    for name in names {
        let member = json!({ "topic": "presence/x", "id": name, "data": "" });
        let word = json!({ "format": 1, "node": name, "changes": [member] });
        client.publish("pulseboard.presence", word.to_string().into()).await.expect("it is sent");
    }
}

async fn hears_members(node: &Node, count: usize) {
    let there = || node.broker.presence().list(&topic("presence/x")).len();
    node.recorder.wait_for(|_| there() == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_for_all_members_at_once_are_answered_together() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let mut told = client.subscribe("pulseboard.presence").await.expect("it listens");
    for number in 0..400 {
        let hello = json!({ "format": 1, "node": format!("x{number}"), "hello": null }).to_string();
        client.publish("pulseboard.presence", hello.into()).await.expect("it is sent");
    }
    // The node takes words in their order.
    say_members(&client, &["end"]).await;
    hears_members(&node, 1).await;
    client.publish("pulseboard.presence", "over".into()).await.expect("it is sent");
    let mut answers = 0;
    while let Some(message) = told.next().await
        && &message.payload[..] != b"over"
    {
        answers += usize::from(
            message.payload.starts_with(b"{\"format\":1,\"node\":\"")
                && contains(&message.payload, b"\"all\""),
        );
    }
    assert!(answers < 200, "{answers}");
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_answers_twice_counts_once_and_one_that_never_does_is_left_out() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let mut questions = client.subscribe("pulseboard.nodes.*").await.expect("it listens");
    say_members(&client, &["twice", "never"]).await;
    hears_members(&node, 2).await;
    let control = node.broker.control();
    control.handle("echo", Arc::new(|payload| async move { payload }.boxed()));
    let asked = tokio::spawn(control.ask_all("echo", Bytes::from_static(b"1"), Duration::from_millis(500)));
    let inbox = questions.next().await.and_then(|question| question.reply).expect("a question");
    let mut headers = HeaderMap::new();
    headers.insert("Pulseboard-Node", "twice");
    for text in ["a", "b"] {
        client.publish_with_headers(inbox.clone(), headers.clone(), text.into()).await.expect("it is sent");
    }
    // An answer that names nobody is none.
    client.publish(inbox, "c".into()).await.expect("it is sent");
    let answers = asked.await.expect("it ends");
    let told: Vec<_> = answers.iter().map(|(_, answer)| &answer[..]).collect();
    assert_eq!(told, [b"1", b"a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_come_with_places_that_nobody_told_are_looked_up_together() {
    let server = TestServer::start("2.15.1", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    let client = async_nats::connect(server.url()).await.expect("it connects");
    let mut looks = client.subscribe("$JS.API.STREAM.INFO.*").await.expect("it listens");
    let head = node.broker.head();
    let places = (1..=500).map(|ahead| Cursor { seq: Seq(head.seq.0 + ahead), ..head });
    let asked: Vec<_> = places.map(|place| tokio::spawn(node.broker.caught_up(place))).collect();
    for answer in asked {
        assert!(!answer.await.expect("it ends"), "no node told it");
    }
    client.publish("$JS.API.STREAM.INFO.over", "".into()).await.expect("it is sent");
    let mut count = 0;
    while looks.next().await.is_some_and(|look| !look.subject.ends_with(".over")) {
        count += 1;
    }
    assert!(count < 200, "{count} requests for 500 places");
}
