//! Tests of the statistics of open subscriptions.

use std::sync::Arc;

use bytes::Bytes;
use common::{Cursor, Epoch, Seq, Topic, frame::ByeReason};
use fanout::{
    Batch, Delivery, Disconnect, Hub, Retention, Settings, SubscribeOptions, Subscription, SystemClock,
    TopicKind, TopicPolicy, Wake,
};
use futures_util::FutureExt;

const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };

fn hub() -> Hub {
    let policy = |pattern: &str, kind| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(4),
    };
    Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![policy("log/*", TopicKind::Log), policy("latest/*", TopicKind::Latest)],
        publication_bytes: 8,
        topics_per_subscription: 0,
        topics: 100,
        bytes: 1 << 30,
    })
}

fn t(name: &str) -> Topic {
    name.parse().expect("a topic")
}

fn subscribe(hub: &Hub, owner: u64, names: &[&str]) -> Subscription {
    let options = SubscribeOptions {
        topics: names.iter().map(|name| t(name)).collect(),
        ..SubscribeOptions::default()
    };
    hub.subscribe_as(owner, &options).expect("a session")
}

fn publish(hub: &Hub, name: &str, count: usize) {
    for _ in 0..count {
        hub.publish(&t(name), Bytes::from_static(b"1")).expect("published");
    }
}

fn take(subscription: &mut Subscription, batch: Batch) -> usize {
    let mut out = Vec::new();
    subscription.take(batch, &mut out);
    out.iter().filter(|delivery| matches!(delivery, Delivery::Event(_))).count()
}

/// Owner, topics and lag of every subscription that has an owner, by owner.
fn seen(hub: &Hub) -> Vec<(u64, Vec<String>, u64)> {
    let mut all: Vec<_> = hub
        .subscription_stats()
        .iter()
        .map(|stats| {
            let mut topics: Vec<_> = stats.topics().map(Topic::to_string).collect();
            topics.sort();
            (stats.owner(), topics, stats.lag())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn who_follows_what_and_how_far_behind_is_found_when_asked() {
    let hub = hub();
    let _nobodys = subscribe(&hub, 0, &["log/a"]);
    let mut first = subscribe(&hub, 7, &["log/a", "latest/a"]);
    let gone = subscribe(&hub, 8, &["log/a"]);
    drop(gone);
    // In the place of the one that has gone.
    let mut second = subscribe(&hub, 9, &["log/b"]);
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(seen(&hub), [(7, owned(&["latest/a", "log/a"]), 0), (9, owned(&["log/b"]), 0)]);
    publish(&hub, "log/a", 3);
    publish(&hub, "log/b", 2);
    let lags = || seen(&hub).into_iter().map(|(_, _, lag)| lag).collect::<Vec<_>>();
    assert_eq!(lags(), [3, 2]);
    assert_eq!(
        hub.lag(&[t("log/a"), t("log/b"), t("log/none")], Some(Cursor { seq: Seq(1), ..hub.head() })),
        4
    );
    assert_eq!(take(&mut first, Batch { entries: 2, bytes: usize::MAX }), 2);
    assert_eq!(lags(), [1, 2]);
    assert_eq!((take(&mut first, ALL), take(&mut second, ALL)), (1, 2));
    assert_eq!(lags(), [0, 0]);
    // Publications on topics that it does not follow are no lag.
    publish(&hub, "log/c", 4);
    assert_eq!(lags(), [0, 0]);
    second.add_topics(&[t("latest/a")], None, false).expect("a topic");
    first.remove_topics(&[t("log/a")]);
    assert_eq!(seen(&hub)[1].1, ["latest/a", "log/b"]);
    assert_eq!(seen(&hub)[0].1, ["latest/a"]);
}

#[test]
fn what_a_session_was_never_told_of_is_counted_once() {
    let hub = hub();
    publish(&hub, "log/a", 9);
    publish(&hub, "latest/a", 9);
    let mut subscription = subscribe(&hub, 1, &["log/a", "latest/a"]);
    assert_eq!(
        (take(&mut subscription, ALL), subscription.take_dropped()),
        (1, 0),
        "what was before it came is no loss"
    );
    publish(&hub, "log/a", 7);
    assert_eq!((take(&mut subscription, ALL), subscription.take_dropped()), (4, 3));
    // Of a topic where only the newest counts, the rest is dropped once some of it is gone.
    publish(&hub, "latest/a", 4);
    assert_eq!((take(&mut subscription, ALL), subscription.take_dropped()), (4, 0));
    publish(&hub, "latest/a", 6);
    assert_eq!((take(&mut subscription, ALL), subscription.take_dropped()), (1, 5));
    assert_eq!((take(&mut subscription, ALL), subscription.take_dropped()), (0, 0));
}

#[test]
fn one_owner_is_asked_to_go_and_the_others_stay() {
    let hub = hub();
    let mut here =
        [subscribe(&hub, 1, &["log/a"]), subscribe(&hub, 1, &["log/b"]), subscribe(&hub, 2, &["log/a"])];
    let disconnect = Disconnect { reason: ByeReason::Ended, retry_ms: 70 };
    assert_eq!((hub.disconnect(1, disconnect), hub.disconnect(3, disconnect)), (2, 0));
    let wakes = here.each_mut().map(|subscription| subscription.wake().now_or_never());
    assert_eq!(
        wakes,
        [Some(Wake::Disconnect(disconnect)), Some(Wake::Disconnect(disconnect)), Some(Wake::Ready)]
    );
    publish(&hub, "log/a", 1);
    assert_eq!(take(&mut here[2], ALL), 1);
}
