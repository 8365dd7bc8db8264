//! A stream that is full by bytes: the oldest entries go, publishing goes on, and who missed them is told.

mod support;

use std::{
    io::ErrorKind,
    sync::{Arc, Condvar, Mutex},
};

use broker::{
    Appended, Broker, Entry, HistoryFilter, NewEntry, PublishError, Subscriber, TopicKind,
    conformance::Recorder,
};
use broker_jetstream::{
    JetStreamSettings,
    test_server::{ServerOptions, TestRelay, TestServer, VERSIONS},
};
use common::{Cursor, Epoch, Seq, Topic};

use support::{Node, connect, places, settings, topic};

const ENTRIES: usize = 60;
/// Some 6 MiB.
const SLOW_ENTRIES: usize = 200;
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

/// A subscriber that stops at an entry of `log/gate` until it is let go on.
#[derive(Debug)]
struct Slow {
    recorder: Arc<Recorder>,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Slow {
    fn go_on(&self) {
        *self.is_open.lock().expect("nobody panicked") = true;
        self.opened.notify_all();
    }
}

impl Subscriber for Slow {
    fn forgotten(&self, through: Seq) {
        self.recorder.forgotten(through);
    }

    fn evicted(&self, topic: &Topic, through: Cursor) {
        self.recorder.evicted(topic, through);
    }

    fn append(&self, entry: Entry) -> Result<Appended, PublishError> {
        let is_gate = entry.topic == topic("log/gate");
        let appended = self.recorder.append(entry);
        if is_gate {
            tokio::task::block_in_place(|| {
                let is_open = self.is_open.lock().expect("nobody panicked");
                drop(self.opened.wait_while(is_open, |is_open| !*is_open).expect("nobody panicked"));
            });
        }
        appended
    }

    fn wake(&self, appended: Appended) {
        self.recorder.wake(appended);
    }

    fn reset(&self, epoch: Epoch) {
        self.recorder.reset(epoch);
    }

    fn presence_changed(&self, topic: &Topic) {
        self.recorder.presence_changed(topic);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_too_slow_is_told_of_every_topic_that_may_have_lost_entries() {
    for version in VERSIONS {
        let server = TestServer::start(version, &ServerOptions::default());
        let settings = JetStreamSettings { max_bytes: Some(ROOM), ..settings(vec![server.url()]) };
        let near = Node::start(settings.clone()).await;
        let recorder = Recorder::new();
        let (is_open, opened) = (Mutex::new(false), Condvar::new());
        let slow = Arc::new(Slow { recorder: recorder.clone(), is_open, opened });
        let far = Node { broker: connect(settings).await, recorder };
        far.broker.subscribe(slow.clone()).expect("it has no subscriber yet");
        far.broker.ready().await.expect("it reads the log");
        publish(&near, "log/quiet", "one".to_owned()).await;
        publish(&near, "log/gate", "stop".to_owned()).await;
        far.has("log/gate", 1).await;

        // More than a consumer sends ahead, which is 2 MiB: these are dropped before they are sent.
        let mut quiet = Seq::START;
        for number in 0..SLOW_ENTRIES {
            publish(&near, "log/a", text(number)).await;
            if number == SLOW_ENTRIES / 2 {
                quiet = publish(&near, "log/quiet", "two".to_owned()).await;
            }
        }
        let last = publish(&near, "log/last", "now".to_owned()).await;
        slow.go_on();

        let told = far.has("log/last", 1).await;
        assert_eq!(places(&told, "log/quiet").len(), 1, "{version}: it was lost");
        assert!(told.evicted[&topic("log/quiet")] >= quiet, "{version}: {:?}", told.evicted);
        assert!(told.evicted.values().all(|through| *through < last), "{version}: {:?}", told.evicted);
    }
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
