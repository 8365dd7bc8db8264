//! Limits, retention by age and size, shared wire forms, and closing.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use common::{
    Epoch, Topic,
    frame::{ByeReason, GapReason},
};
use fanout::{
    Batch, Delivery, Hub, Progress, PublishError, Retention, Settings, SubscribeError, SubscribeOptions,
    Subscription, SystemClock, TopicKind, TopicPolicy, TopicQuota, Wake, WireFormat,
};

const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };
static UPPER: WireFormat = WireFormat::new("upper", 0, |entry| entry.data.to_ascii_uppercase().into());

fn hub(kind: TopicKind, retention: Retention) -> Hub {
    Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![TopicPolicy { pattern: "t/*".parse().expect("a pattern"), kind, retention }],
        publication_bytes: 8,
        topics_per_subscription: 2,
        topics: 3,
        bytes: 1 << 30,
    })
}

fn t(name: &str) -> Topic {
    format!("t/{name}").parse().expect("a topic")
}

fn subscribe(hub: &Hub, names: &[&str]) -> Result<Subscription, SubscribeError> {
    hub.subscribe(&SubscribeOptions {
        topics: names.iter().map(|n| t(n)).collect(),
        ..SubscribeOptions::default()
    })
}

#[test]
fn every_limit_has_its_answer() {
    let hub = hub(TopicKind::Log, Retention::entries(4));
    let unknown: Topic = "u/x".parse().expect("a topic");
    let publish = |topic: &Topic, data: &'static str| hub.publish(topic, Bytes::from_static(data.as_bytes()));
    assert_eq!(publish(&unknown, "1"), Err(PublishError::UnknownTopic(unknown.clone())));
    assert_eq!(publish(&t("a"), "123456789"), Err(PublishError::TooLong { size: 9, limit: 8 }));
    assert_eq!(
        subscribe(&hub, &["a", "b", "c"]).err(),
        Some(SubscribeError::TooManyTopics { asked: 3, limit: 2 })
    );
    for name in ["a", "b", "c"] {
        publish(&t(name), "1").expect("room for three topics");
    }
    assert_eq!(publish(&t("d"), "1"), Err(PublishError::TooManyTopics(3)));
    assert_eq!(subscribe(&hub, &["d"]).err(), Some(SubscribeError::LogFull(3)));
    assert_eq!(hub.metrics().subscriptions, 0, "a session that was refused leaves nothing behind");
    assert_eq!(hub.subscribers(&t("a")), 0);
}

#[tokio::test(start_paused = true)]
async fn a_family_fills_its_own_share_and_room_is_looked_for_once_a_second() {
    let policy = |pattern: &str, quota| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind: TopicKind::Log,
        retention: Retention { quota, ..Retention::entries(4) },
    };
    let hub = Hub::new(Settings {
        policies: vec![
            policy("own", TopicQuota::Reserved),
            policy("s/*", TopicQuota::AtMost(2)),
            policy("t/*", TopicQuota::Shared),
        ],
        ..hub(TopicKind::Log, Retention::entries(4)).settings().clone()
    });
    let publish =
        |name: &str| hub.publish(&name.parse().expect("a topic"), Bytes::from_static(b"1")).map(|_| ());
    let follow = |name: &str| {
        hub.subscribe(&SubscribeOptions {
            topics: vec![name.parse().expect("a topic")],
            ..SubscribeOptions::default()
        })
    };
    publish("s/a").expect("room");
    let follower = follow("s/b").expect("room");
    assert_eq!(publish("s/c"), Err(PublishError::TooManyTopics(2)));
    assert_eq!(follow("s/c").err(), Some(SubscribeError::LogFull(2)));
    publish("s/a").expect("what is there goes on");
    // Another family has room among all, of which three may be.
    publish("t/a").expect("room");
    assert_eq!(publish("t/b"), Err(PublishError::TooManyTopics(3)));
    publish("own").expect("always room");
    // There would be room now; who was just refused is refused without a look at all topics.
    drop(follower);
    assert_eq!(publish("s/c"), Err(PublishError::TooManyTopics(2)));
    tokio::time::advance(Duration::from_secs(1)).await;
    publish("s/c").expect("room again");
}

#[tokio::test(start_paused = true)]
async fn a_full_log_forgets_topics_that_hold_nothing_and_still_tells_what_they_lost() {
    let hub = hub(TopicKind::Log, Retention { age: Duration::from_secs(1), ..Retention::entries(4) });
    let publish = |name: &str| hub.publish(&t(name), Bytes::from_static(b"1"));
    let first = publish("a").expect("published");
    publish("a").expect("published");
    publish("b").expect("published");
    let _kept = subscribe(&hub, &["c"]).expect("a session");
    assert!(publish("d").is_err());
    tokio::time::advance(Duration::from_secs(2)).await;
    publish("d").expect("room again");
    let options = SubscribeOptions { topics: vec![t("a")], since: Some(first), snapshot: vec![] };
    assert_eq!(hub.subscribe(&options).expect("a session").verdict(), common::frame::Verdict::Gap);
}

#[tokio::test(start_paused = true)]
async fn a_full_log_forgets_last_values_past_their_age_that_no_one_follows() {
    let hub = hub(TopicKind::Latest, Retention { age: Duration::from_secs(1), ..Retention::entries(1) });
    let publish = |name: &str| hub.publish(&t(name), Bytes::from_static(b"1"));
    let _follower = subscribe(&hub, &["b"]).expect("a session");
    for name in ["a", "a", "b", "c"] {
        publish(name).expect("published");
    }
    assert_eq!(publish("d"), Err(PublishError::TooManyTopics(3)));
    tokio::time::advance(Duration::from_secs(2)).await;
    publish("d").expect("room again");
    assert_eq!(hub.history(&t("b"), None, 9).entries.len(), 1, "someone follows it");
    assert_eq!(hub.history(&t("a"), None, 9).entries.len(), 0);
}

#[test]
fn the_whole_log_has_a_bound_and_the_largest_topic_gives_first() {
    let mut settings = hub(TopicKind::Log, Retention::entries(1000)).settings().clone();
    settings.bytes = 100;
    let hub = Hub::new(settings);
    hub.publish(&t("small"), Bytes::from_static(b"1")).expect("published");
    for _ in 0..100 {
        hub.publish(&t("large"), Bytes::from_static(b"12345678")).expect("published");
    }
    let held = |name: &str| {
        let options = SubscribeOptions { topics: vec![t(name)], since: None, snapshot: vec![t(name)] };
        let mut out = Vec::new();
        hub.subscribe(&options).expect("a session").take(ALL, &mut out);
        out.len()
    };
    assert_eq!(held("small"), 1);
    assert!((1..=12).contains(&held("large")), "{}", held("large"));
}

#[test]
fn what_has_a_place_reserved_is_not_pushed_out_by_others() {
    let policy = |pattern: &str, quota| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind: TopicKind::Log,
        retention: Retention { quota, ..Retention::entries(1000) },
    };
    let hub = Hub::new(Settings {
        policies: vec![policy("own", TopicQuota::Reserved), policy("t/*", TopicQuota::AtMost(9))],
        bytes: 100,
        ..hub(TopicKind::Log, Retention::entries(1000)).settings().clone()
    });
    let publish = |name: &str| {
        let topic: Topic = name.parse().expect("a topic");
        hub.publish(&topic, Bytes::from_static(b"12345678")).expect("published");
    };
    let held = |name: &str| hub.history(&name.parse().expect("a topic"), None, usize::MAX).entries.len();
    for _ in 0..8 {
        publish("own");
    }
    for n in 0..100 {
        publish(&format!("t/{}", n % 9));
    }
    assert_eq!(held("own"), 8);
    assert!((0..9).map(|n| held(&format!("t/{n}"))).sum::<usize>() <= 4);
    // Alone it keeps within the bound, too.
    for _ in 0..100 {
        publish("own");
    }
    assert!((1..=12).contains(&held("own")), "{}", held("own"));
}

#[test]
fn topics_that_were_only_asked_for_go_with_the_last_who_asked() {
    let hub = hub(TopicKind::Log, Retention::entries(4));
    let subscription = subscribe(&hub, &["a"]).expect("a session");
    hub.sweep();
    assert_eq!(hub.metrics().topics, 1);
    drop(subscription);
    hub.sweep();
    assert_eq!(hub.metrics().topics, 0);
}

#[tokio::test(start_paused = true)]
async fn entries_go_by_age_and_the_loss_is_told() {
    let retention = Retention { age: Duration::from_secs(10), ..Retention::entries(100) };
    let hub = hub(TopicKind::Log, retention);
    let first = hub.publish(&t("a"), Bytes::from_static(b"1")).expect("published");
    hub.publish(&t("a"), Bytes::from_static(b"2")).expect("published");
    tokio::time::advance(Duration::from_secs(11)).await;
    hub.sweep();
    let mut subscription = hub
        .subscribe(&SubscribeOptions { topics: vec![t("a")], since: Some(first), snapshot: vec![] })
        .expect("a session");
    let mut out = Vec::new();
    subscription.take(ALL, &mut out);
    assert!(matches!(&out[..], [Delivery::Gap(GapReason::Evicted, _)]));
}

#[test]
fn the_newest_of_a_latest_topic_outlives_every_bound() {
    let hub = hub(TopicKind::Latest, Retention { age: Duration::ZERO, bytes: 0, ..Retention::entries(1) });
    for value in ["1", "2", "3"] {
        hub.publish(&t("a"), Bytes::from_static(value.as_bytes())).expect("published");
    }
    hub.sweep();
    let mut subscription = subscribe(&hub, &["a"]).expect("a session");
    let mut out = Vec::new();
    subscription.take(ALL, &mut out);
    assert!(matches!(&out[..], [Delivery::Event(event)] if event.data == "3"));
}

#[test]
fn a_wire_form_is_built_once_for_all_who_read_it() {
    let hub = hub(TopicKind::Log, Retention::entries(4));
    let mut subscriptions: Vec<Subscription> =
        (0..50).map(|_| subscribe(&hub, &["a"]).expect("a session")).collect();
    hub.publish(&t("a"), Bytes::from_static(b"abc")).expect("published");
    for subscription in &mut subscriptions {
        let mut out = Vec::new();
        assert!(matches!(subscription.take(ALL, &mut out), Progress::CaughtUp(_)));
        let [Delivery::Event(event)] = &out[..] else { panic!("one event, not {out:?}") };
        assert_eq!(subscription.encode(event, &UPPER), "ABC");
    }
    let figures = hub.metrics();
    assert_eq!((figures.deliveries, figures.encodes[0]), (50, 1));
}

#[tokio::test]
async fn closing_says_bye_to_everyone_spreads_their_return_and_ends_when_the_last_has_gone() {
    let hub = hub(TopicKind::Log, Retention::entries(4));
    let mut subscriptions: Vec<Subscription> =
        (0..100).map(|_| subscribe(&hub, &["a"]).expect("a session")).collect();
    hub.close(ByeReason::Shutdown, 1000, 4000);
    let mut returns = Vec::new();
    for subscription in &mut subscriptions {
        let Wake::Disconnect(disconnect) = subscription.wake().await else { panic!("a closed hub says bye") };
        assert_eq!(disconnect.reason, ByeReason::Shutdown);
        returns.push(disconnect.retry_ms);
    }
    returns.sort_unstable();
    assert!(returns[0] >= 1000 && returns[99] < 5000);
    let quarter = |n: usize| returns.iter().filter(|&&r| (r - 1000) / 1000 == n as u64).count();
    assert!((0..4).all(|n| (15..=35).contains(&quarter(n))), "evenly spread: {returns:?}");
    assert_eq!(subscribe(&hub, &["a"]).err(), Some(SubscribeError::Closed));
    let drained = tokio::spawn({
        let hub = hub.clone();
        async move { hub.drained().await }
    });
    drop(subscriptions);
    drained.await.expect("drained ends");
}
