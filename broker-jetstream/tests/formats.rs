//! The forms at NATS, spelled out as each release wrote them: a node reads the form of every release before it, so that two run side by side
//! while nodes are restarted one after the other. A new form gets a test of its own here, and the ones that are here stay.

mod support;

use async_nats::{HeaderMap, jetstream::stream::Stream};
use broker::{Broker, Member, NewEntry, TopicKind};
use broker_jetstream::test_server::{ServerOptions, TestServer};
use common::{Epoch, Seq};
use serde_json::{Value, json};

use support::{Node, places, settings, topic};

/// An older node, as far as its words go.
struct OlderNode {
    client: async_nats::Client,
    context: async_nats::jetstream::Context,
}

impl OlderNode {
    async fn at(server: &TestServer) -> Self {
        let client = async_nats::connect(server.url()).await.expect("it connects");
        Self { context: async_nats::jetstream::new(client.clone()), client }
    }

    /// Stores a message with these headers; returns its number.
    async fn store(
        &self,
        subject: &'static str,
        headers: &[(&'static str, &str)],
        payload: &'static str,
    ) -> u64 {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, *value);
        }
        let sent = self.context.publish_with_headers(subject, map, payload.into()).await.expect("it is sent");
        sent.await.expect("it is stored").sequence
    }

    async fn stream(&self, name: &str) -> Stream {
        self.context.get_stream(name).await.expect("the stream is there")
    }
}

async fn start() -> (TestServer, Node, OlderNode) {
    let server = TestServer::start("2.11.11", &ServerOptions::default());
    let node = Node::start(settings(vec![server.url()])).await;
    let older = OlderNode::at(&server).await;
    (server, node, older)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_form_1_has_its_topic_its_key_and_its_place() {
    let (_server, node, older) = start().await;
    let headers = [
        ("Pulseboard-Format", "1"),
        ("Pulseboard-Origin", "00f1e2d3c4b5a697-0"),
        ("Nats-Msg-Id", "log/a.b:the-key"),
    ];
    let first = older.store("pulseboard.log.log.a=b", &headers, "one").await;
    let headers = [
        ("Pulseboard-Format", "1"),
        ("Pulseboard-Origin", "00f1e2d3c4b5a697-1"),
        ("Nats-Msg-Id", "00f1e2d3c4b5a697-1"),
        ("Pulseboard-Previous", "1"),
        ("Pulseboard-Known", "1"),
    ];
    let second = older.store("pulseboard.log.log.a=b", &headers, "two").await;
    let told = places(&node.has("log/a.b", 2).await, "log/a.b");
    assert_eq!(told, [(first, "one".to_owned()), (second, "two".to_owned())]);
    let key = Some("the-key".parse().expect("a key"));
    let again = NewEntry { key, ..NewEntry::new(topic("log/a.b"), TopicKind::Log, "one".into()) };
    let published = node.broker.publish(again).await.expect("it is there");
    assert_eq!((published.cursor.seq, published.duplicate), (Seq(first), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_and_a_removal_of_form_1_are_understood() {
    let (_server, node, older) = start().await;
    let headers = |origin| [("Pulseboard-Format", "1"), ("Pulseboard-Origin", origin)];
    older.store("pulseboard.latest.latest.a", &headers("00f1e2d3c4b5a697-0"), "7").await;
    let told = node.has("latest/a", 1).await;
    assert_eq!(told.texts(&topic("latest/a")), ["7"]);
    let entry = older.store("pulseboard.log.log.a", &headers("00f1e2d3c4b5a697-1"), "gone soon").await;
    node.has("log/a", 1).await;
    older.store("pulseboard.removed.log.a", &headers("00f1e2d3c4b5a697-2"), "").await;
    let told = node.recorder.wait_for(|told| told.evicted.contains_key(&topic("log/a"))).await;
    assert!(told.evicted[&topic("log/a")] >= Seq(entry));
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_form_1_are_there_until_their_node_says_that_they_are_gone() {
    let (_server, node, older) = start().await;
    let say = async |text: Value| {
        older.client.publish("pulseboard.presence", text.to_string().into()).await.expect("it is sent");
        older.client.flush().await.expect("it has left");
    };
    let kim = json!({ "topic": "presence/lobby", "id": "kim", "data": "eyJuYW1lIjoiS2ltIn0=" });
    say(json!({ "format": 1, "node": "00f1e2d3c4b5a697", "all": { "number": 0, "last": true, "members": [kim] } })).await;
    let list = async |count: usize| loop {
        let members = node.broker.presence().list(&topic("presence/lobby"));
        if members.len() == count {
            return members;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let members = list(1).await;
    assert_eq!(members, [Member { id: "kim".into(), data: r#"{"name":"Kim"}"#.into() }]);
    say(json!({ "format": 1, "node": "00f1e2d3c4b5a697", "changes": [{ "topic": "presence/lobby", "id": "kim" }] })).await;
    list(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_form_1_goes_on_with_its_life() {
    let (server, node, older) = start().await;
    node.publish("log/a", "one").await;
    let epoch = node.broker.head().epoch;
    let meta = older.stream("PULSEBOARD_META").await;
    let note = meta.get_last_raw_message_by_subject("pulseboard.meta").await.expect("a note");
    let note: Value = serde_json::from_slice(&note.payload).expect("JSON");
    let created = note["created"].as_i64().expect("the time at which the stream was made");
    assert_eq!(note["format"], 1);
    assert_eq!(note["epoch"], epoch.0);
    drop(node);
    // The first notes had four fields.
    let first = json!({ "format": 1, "epoch": epoch.0, "seq": 1, "created": created }).to_string();
    older.client.request("pulseboard.meta", first.into()).await.expect("it is stored");
    let next = Node::start(settings(vec![server.url()])).await;
    assert_eq!(next.broker.head().epoch, epoch, "nothing was lost: the life goes on");
    next.has("log/a", 1).await;
    assert!(epoch > Epoch(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_form_to_come_is_counted_and_not_taken_for_another() {
    let (_server, node, older) = start().await;
    let headers = [("Pulseboard-Format", "2"), ("Pulseboard-Origin", "00f1e2d3c4b5a697-0")];
    older.store("pulseboard.log.log.a", &headers, "from the future").await;
    node.publish("log/a", "now").await;
    let told = places(&node.has("log/a", 1).await, "log/a");
    assert_eq!(told, [(2, "now".to_owned())]);
    let counted = loop {
        let details = node.broker.health().details;
        if details.contains("skipped") {
            break details;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(counted.contains("1 messages at NATS were skipped"), "{counted}");
}
