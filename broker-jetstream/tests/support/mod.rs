//! Parts that the tests share: nodes with recorders, accounts, certificates.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod accounts;
pub(crate) mod authority;

use std::sync::Arc;

use broker::{
    Broker, BrokerError, NewEntry, SystemClock, TopicKind,
    conformance::{Recorder, Recording, policies},
};
use broker_jetstream::{JetStreamBroker, JetStreamSettings};
use common::{Seq, Topic};

pub(crate) struct Node {
    pub(crate) broker: Arc<JetStreamBroker>,
    pub(crate) recorder: Arc<Recorder>,
}

pub(crate) fn settings(servers: Vec<String>) -> JetStreamSettings {
    JetStreamSettings { servers, ..JetStreamSettings::default() }
}

pub(crate) async fn connect(settings: JetStreamSettings) -> Arc<JetStreamBroker> {
    // A cluster has no leader for a moment after it started.
    loop {
        match JetStreamBroker::connect(settings.clone(), policies(), Arc::new(SystemClock)).await {
            Err(BrokerError::Unavailable(_)) => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            connected => return connected.expect("it connects"),
        }
    }
}

/// Returns the line by which settings or servers are refused.
pub(crate) async fn refusal(settings: JetStreamSettings) -> String {
    match JetStreamBroker::connect(settings, policies(), Arc::new(SystemClock)).await {
        Err(BrokerError::Unusable(why)) => why,
        other => panic!("it is not refused: {other:?}"),
    }
}

pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{text:?} does not say {part:?}");
    }
}

impl Node {
    pub(crate) async fn start(settings: JetStreamSettings) -> Self {
        let broker = connect(settings).await;
        let recorder = Recorder::new();
        broker.subscribe(recorder.clone()).expect("it has no subscriber yet");
        broker.ready().await.expect("it reads the log");
        Self { broker, recorder }
    }

    /// Publishes until it is taken in, as clients do, under one key.
    pub(crate) async fn publish(&self, name: &str, data: impl ToString) -> Seq {
        let text = data.to_string();
        let key = format!("{name}-{text}").parse().expect("a key");
        let new = NewEntry { key: Some(key), ..NewEntry::new(topic(name), TopicKind::Log, text.into()) };
        loop {
            match self.broker.publish(new.clone()).await {
                Ok(published) => return published.cursor.seq,
                Err(broker::PublishError::Unavailable { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Waits until the node says why it cannot reach its log, and returns what it says.
    pub(crate) async fn fails(&self) -> String {
        loop {
            if let Some(failure) = self.broker.health().failure {
                return failure;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn has(&self, name: &str, count: usize) -> Recording {
        let topic = topic(name);
        self.recorder
            .wait_for(|told| told.entries.iter().filter(|entry| entry.topic == topic).count() >= count)
            .await
    }
}

pub(crate) fn topic(text: &str) -> Topic {
    text.parse().expect("a topic")
}

pub(crate) fn value(name: &str, data: &str) -> NewEntry {
    NewEntry::new(topic(name), TopicKind::Latest, data.to_owned().into())
}

/// The places and payloads of a topic's entries.
pub(crate) fn places(told: &Recording, name: &str) -> Vec<(u64, String)> {
    let topic = topic(name);
    let its = told.entries.iter().filter(|entry| entry.topic == topic);
    its.map(|entry| (entry.cursor.seq.0, String::from_utf8_lossy(&entry.data).into_owned())).collect()
}
