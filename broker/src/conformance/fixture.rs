//! The engine under test, as the suite steers it.

use std::{sync::Arc, time::Duration};

use common::{Cursor, Topic};
use futures_util::future::BoxFuture;

use super::recorder::Recorder;
use crate::{Broker, HistoryFilter, NewEntry, PublishError, Published, Retention, TopicKind, TopicPolicy};

/// An engine with one log.
pub trait Fixture: Send {
    /// Opens the log, with the policies of [`policies`]: as another node where the engine has nodes, else after the broker before was
    /// closed or crashed.
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Broker>>;

    /// Ends a broker as a crash of its process would, as far as that can be done from here.
    fn crash(&mut self, broker: Arc<dyn Broker>) -> BoxFuture<'_, ()>;

    /// Takes entries away that nobody can name, so that a new life has to begin; false where the engine has no way to that.
    fn lose(&mut self) -> BoxFuture<'_, bool>;

    /// True if the log outlives its broker.
    fn outlives_its_broker(&self) -> bool;

    /// True if many nodes may have it open at once.
    fn has_nodes(&self) -> bool;
}

/// The policies that the suite needs: `log/*` has room, `short/*` keeps five entries, `latest/*` are values, `stream/*` are streams.
#[must_use]
pub fn policies() -> Arc<[TopicPolicy]> {
    let policy = |pattern: &str, kind, entries| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(entries),
    };
    [
        policy("log/*", TopicKind::Log, 10_000),
        policy("short/*", TopicKind::Log, 5),
        policy("latest/*", TopicKind::Latest, 1),
        policy("stream/*", TopicKind::Stream, 100),
    ]
    .into()
}

/// A broker with a recording subscriber.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) broker: Arc<dyn Broker>,
    pub(super) recorder: Arc<Recorder>,
}

impl Node {
    pub(super) async fn open(fixture: &mut dyn Fixture) -> Self {
        let broker = fixture.open().await;
        let recorder = Recorder::new();
        broker.subscribe(recorder.clone()).expect("it has no subscriber yet");
        broker.ready().await.expect("it reads the log");
        Self { broker, recorder }
    }

    pub(super) async fn publish(&self, new: NewEntry) -> Published {
        let published = self.broker.publish(new).await.expect("it is taken in");
        assert!(self.broker.caught_up(published.cursor).await, "{} was given out", published.cursor);
        published
    }

    pub(super) async fn refused(&self, new: NewEntry) -> PublishError {
        self.broker.publish(new).await.expect_err("it is refused")
    }

    /// Reads the payloads of a topic's history, and whether there are more.
    pub(super) async fn history(&self, topic: &Topic, filter: HistoryFilter) -> (Vec<String>, bool) {
        let history = self.broker.history(topic, filter).await.expect("history is read");
        assert!(history.entries.is_sorted_by_key(|entry| entry.cursor.seq), "oldest first");
        let texts =
            history.entries.iter().map(|entry| String::from_utf8_lossy(&entry.data).into_owned()).collect();
        (texts, history.more)
    }

    /// The places and payloads of `Log` entries as they were told.
    pub(super) fn told(&self) -> Vec<(Cursor, Topic, String)> {
        let recording = self.recorder.recording();
        let logs = recording.entries.iter().filter(|entry| entry.topic.kind() != "latest");
        logs.map(|entry| {
            let text = String::from_utf8_lossy(&entry.data).into_owned();
            (Cursor { latest: common::Seq::START, ..entry.cursor }, entry.topic.clone(), text)
        })
        .collect()
    }
}

pub(super) fn topic(text: &str) -> Topic {
    text.parse().expect("a topic")
}

pub(super) fn entry(name: &str, data: impl ToString) -> NewEntry {
    NewEntry::new(topic(name), TopicKind::Log, data.to_string().into())
}

pub(super) fn streamed(name: &str, data: impl ToString) -> NewEntry {
    NewEntry::new(topic(name), TopicKind::Stream, data.to_string().into())
}

pub(super) fn value(name: &str, data: impl ToString) -> NewEntry {
    NewEntry::new(topic(name), TopicKind::Latest, data.to_string().into())
}

pub(super) fn with_key(name: &str, data: impl ToString, key: &str) -> NewEntry {
    NewEntry { key: Some(key.parse().expect("a key")), ..entry(name, data) }
}

pub(super) const ALL: HistoryFilter =
    HistoryFilter { since: None, before: None, limit: 1000, reverse: false };

/// Waits for what an engine does in its own time and tells nobody of.
pub(super) async fn until(mut condition: impl AsyncFnMut() -> bool) {
    while !condition().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
