//! Checks the parser of live queries, up to the log.

use std::sync::Arc;

use bytes::Bytes;
use common::{Epoch, frame::ErrorCode};
use fanout::{
    Batch, Hub, Progress, Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy,
};
use form_urlencoded::Serializer;

use super::{api_rejection::ApiRejection, subscribe_query::SubscribeQuery};

/// The most topics of a subscription.
const TOPICS: usize = 8;
/// The number of entries that the log of these tests ever holds.
const ENTRIES: usize = 5;

/// Checks a query and, behind a line's end, a `Last-Event-ID`: what is parsed parses the same when it is written
/// again, and a log answers it.
pub fn query(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (query, place) = match text.split_once('\n') {
        Some((query, place)) => (query, Some(place)),
        None => (text, None),
    };
    if let Err(refusal) = SubscribeQuery::read_optional(Some(query)) {
        refused(&refusal);
    }
    let asked = match SubscribeQuery::read(Some(query), place) {
        Ok(SubscribeQuery(asked)) => asked,
        Err(refusal) => return refused(&refusal),
    };
    let SubscribeQuery(again) =
        SubscribeQuery::read(Some(&written(&asked)), None).expect("what was read can be written");
    assert!(!asked.topics.is_empty() && asked.topics == again.topics);
    assert_eq!((&asked.snapshot, asked.since), (&again.snapshot, again.since));
    answered(&asked);
}

fn refused(refusal: &ApiRejection) {
    assert_eq!(refusal.status().as_u16(), 400);
    let codes = [ErrorCode::BadTopic, ErrorCode::BadCursor, ErrorCode::BadRequest];
    assert!(codes.contains(&refusal.error().code), "{refusal:?}");
    assert!(refusal.error().message.len() < 1000, "what was wrong is told in short");
}

fn written(SubscribeOptions { topics, since, snapshot }: &SubscribeOptions) -> String {
    let listed =
        |topics: &[common::Topic]| topics.iter().map(common::Topic::as_str).collect::<Vec<_>>().join(",");
    let mut query = Serializer::new(String::new());
    query.append_pair("topics", &listed(topics)).append_pair("snapshot", &listed(snapshot));
    query.extend_pairs(since.map(|since| ("since", since.to_string())));
    query.finish()
}

/// Checks a subscription on a log of a few entries: from whatever position it reads, it gets what is there once, and
/// comes to an end.
fn answered(asked: &SubscribeOptions) {
    let hub = a_log();
    let Ok(mut subscription) = hub.subscribe(asked) else { return };
    let mut told = 0;
    for _ in 0..=ENTRIES + asked.topics.len() {
        let mut deliveries = Vec::new();
        let progress = subscription.take(Batch { entries: 1, bytes: 1 }, &mut deliveries);
        told += deliveries.len();
        if let Progress::CaughtUp(place) = progress {
            assert_eq!(place, hub.head());
            assert!(told <= ENTRIES + asked.topics.len(), "{told} things are told");
            return;
        }
    }
    panic!("a log of {ENTRIES} entries has no end");
}

fn a_log() -> Hub {
    let rule = |pattern: &str, kind| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(2),
    };
    let hub = Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(0x0019_a9f3_c2d1),
        policies: vec![rule("host/*/metrics", TopicKind::Latest), rule("chat/*", TopicKind::Log)],
        publication_bytes: 100,
        topics_per_subscription: TOPICS,
        topics: 100,
        bytes: 10_000,
    });
    for topic in ["chat/lobby", "host/local/metrics", "chat/lobby", "chat/lobby", "chat/ops"] {
        let topic = topic.parse().expect("a topic");
        hub.publish(&topic, Bytes::from_static(b"{}")).expect("published");
    }
    hub
}
