//! Entries in memory only do not wait for those that are stored, and overtake them; the log stays one log.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use broker_journal::JournalSettings;
use bytes::Bytes;
use common::{Cursor, Epoch, Topic};
use fanout::{Batch, Delivery, Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy};
use support::folder;

const ENTRIES: u64 = 5_000;

fn settings() -> Settings {
    let policy = |pattern: &str, kind| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(usize::try_from(ENTRIES).expect("few")),
    };
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![policy("stored/*", TopicKind::Log), policy("latest/*", TopicKind::Latest)],
        publication_bytes: 1 << 16,
        topics_per_subscription: 0,
        topics: 8,
        bytes: 1 << 30,
    }
}

fn topic(name: &str) -> Topic {
    name.parse().expect("a topic")
}

#[test]
fn numbers_are_seen_in_their_order_by_readers_and_after_a_restart() {
    let dir = folder();
    // Segments are carried forward meanwhile.
    let journal = JournalSettings { segment: 4096, ..JournalSettings::new(dir.path(), 4 << 20) };
    let hub = support::open(settings(), &journal).expect("opened");
    let (stored, latest) = (topic("stored/a"), topic("latest/a"));
    let options =
        SubscribeOptions { topics: vec![stored.clone(), latest.clone()], ..SubscribeOptions::default() };
    let mut subscription = hub.subscribe(&options).expect("a session");
    let over = AtomicBool::new(false);
    let told: Vec<Cursor> = thread::scope(|scope| {
        let overtaking = scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                hub.publish(&latest, Bytes::from_static(b"0")).expect("published");
            }
        });
        let publishing = scope.spawn(|| {
            let publish = |n: u64| hub.publish(&stored, n.to_string().into()).expect("published");
            let told = (0..ENTRIES).map(publish).collect();
            over.store(true, Ordering::Release);
            told
        });
        let mut last = None;
        let mut seen = 0;
        let mut out = Vec::new();
        while seen < ENTRIES {
            subscription.take(Batch { entries: 64, bytes: 1 << 20 }, &mut out);
            for delivery in out.drain(..) {
                let Delivery::Event(entry) = delivery else { panic!("nothing is lost") };
                assert!(Some(entry.cursor.seq) > last, "{} after {last:?}", entry.cursor);
                last = Some(entry.cursor.seq);
                if entry.topic == stored {
                    assert_eq!(entry.data, seen.to_string());
                    seen += 1;
                }
            }
        }
        overtaking.join().expect("no panic");
        publishing.join().expect("no panic")
    });
    assert!(told.is_sorted_by(|one, next| one.seq < next.seq));
    let head = hub.head();
    drop(subscription);
    drop(hub);
    let hub = support::open(settings(), &journal).expect("opened");
    assert!(hub.head().seq >= head.seq, "no number is given out twice");
    let kept = hub.history(&stored, None, usize::MAX).entries;
    assert!(kept.iter().map(|entry| entry.cursor).eq(told.iter().copied()), "each once, under its number");
}

#[tokio::test]
async fn a_publication_that_is_not_waited_for_is_taken_in() {
    let dir = folder();
    let hub = support::open(settings(), &JournalSettings::new(dir.path(), 4 << 20)).expect("opened");
    let stored = topic("stored/a");
    let first = hub.publish_async(&stored, Bytes::from_static(b"1")).await.expect("published");
    {
        let dropped = std::pin::pin!(hub.publish_async(&stored, Bytes::from_static(b"2")));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let _ = dropped.poll(&mut cx);
    }
    let third = hub.publish_async(&stored, Bytes::from_static(b"3")).await.expect("published");
    assert_eq!(third.seq, first.seq.next().next(), "they take turns");
    let kept = hub.history(&stored, None, usize::MAX).entries;
    assert!(kept.iter().map(|entry| &entry.data[..]).eq([b"1", b"2", b"3"]));
}
