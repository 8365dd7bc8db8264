//! Publications in quick succession wake their readers together, and none of them is late by more than was said.

use std::{
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use common::{Cursor, Epoch, Topic};
use fanout::{
    Batch, Delivery, Hub, Progress, Receiver, Retention, Settings, SubscribeOptions, Subscription,
    SystemClock, TopicKind, TopicPolicy, Wake,
};
use futures_util::FutureExt;
use tokio::time::{Instant, advance, sleep, timeout};

const MIN_INTERVAL: Duration = Duration::from_millis(2);
const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };

fn hub() -> Hub {
    Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: vec![TopicPolicy {
            pattern: "t/*".parse().expect("a pattern"),
            kind: TopicKind::Log,
            retention: Retention::entries(64),
        }],
        publication_bytes: 64,
        topics_per_subscription: 4,
        topics: 8,
        bytes: 1 << 20,
    })
}

fn topic(name: &str) -> Topic {
    format!("t/{name}").parse().expect("a topic")
}

fn publish(hub: &Hub, name: &str) -> Cursor {
    hub.publish(&topic(name), Bytes::from_static(b"1")).expect("published")
}

fn follow(hub: &Hub, name: &str, since: Option<Cursor>) -> Subscription {
    hub.subscribe(&SubscribeOptions { topics: vec![topic(name)], since, snapshot: vec![] })
        .expect("a session")
}

/// Returns the entries of the next wake, and its time.
async fn woken(subscription: &mut Subscription) -> (Vec<u64>, Instant) {
    assert_eq!(subscription.wake().await, Wake::Ready);
    let mut taken = Vec::new();
    subscription.take(ALL, &mut taken);
    let seq = |delivery: &Delivery| match delivery {
        Delivery::Event(entry) => entry.cursor.seq.0,
        Delivery::Gap(..) => panic!("nothing is missing"),
    };
    (taken.iter().map(seq).collect(), Instant::now())
}

fn coalescing(hub: &Hub) -> tokio::task::JoinHandle<()> {
    let hub = hub.clone();
    tokio::spawn(async move { hub.coalesce(MIN_INTERVAL).await })
}

#[tokio::test(start_paused = true)]
async fn the_first_is_told_at_once_and_those_after_it_together() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    let mut subscription = follow(&hub, "a", None);
    assert_eq!(woken(&mut subscription).await.0, [] as [u64; 0], "a session begins with a look");
    tokio::task::yield_now().await;

    let begun = Instant::now();
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![1], begun));
    publish(&hub, "a");
    assert_eq!(subscription.wake().now_or_never(), None, "it rang just now");
    advance(MIN_INTERVAL / 2).await;
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![2, 3], begun + MIN_INTERVAL));

    // After a pause that is longer, at once again; another topic is not held up by this one.
    sleep(MIN_INTERVAL * 2).await;
    let mut other = follow(&hub, "b", None);
    assert_eq!(woken(&mut other).await.0, [] as [u64; 0]);
    let later = Instant::now();
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![4], later));
    publish(&hub, "b");
    assert_eq!(woken(&mut other).await, (vec![5], later));
    coalescing.abort();
}

#[tokio::test(start_paused = true)]
async fn who_comes_to_read_on_waits_with_the_others_and_no_longer() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    tokio::task::yield_now().await;
    let first = publish(&hub, "a");
    let begun = Instant::now();
    let second = publish(&hub, "a");

    let mut asks = follow(&hub, "a", Some(first));
    asks.defer_to_next_wake();
    assert_eq!(asks.wake().now_or_never(), None, "the second is told in a moment, to all");
    assert_eq!(woken(&mut asks).await, (vec![2], begun + MIN_INTERVAL));

    publish(&hub, "a");
    let mut behind = follow(&hub, "a", Some(first));
    behind.defer_to_next_wake();
    assert_eq!(woken(&mut behind).await.0, [2, 3], "what others were told already is told at once");

    sleep(MIN_INTERVAL * 2).await;
    let mut up_to_date = follow(&hub, "a", Some(second));
    up_to_date.defer_to_next_wake();
    assert_eq!(woken(&mut up_to_date).await.0, [3]);
    coalescing.abort();
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_a_gathering_that_has_ended() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    let mut subscription = follow(&hub, "a", None);
    woken(&mut subscription).await;
    tokio::task::yield_now().await;
    publish(&hub, "a");
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await.0, [1, 2]);
    publish(&hub, "a");
    coalescing.abort();
    let ended = coalescing.await;
    assert!(ended.is_err_and(|error| error.is_cancelled()));
    let woken =
        timeout(Duration::ZERO, woken(&mut subscription)).await.expect("what was due was notified of");
    assert_eq!(woken.0, [3]);
    publish(&hub, "a");
    publish(&hub, "a");
    assert!(subscription.wake().now_or_never().is_some(), "every publication rings");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_once_the_last_round_has_ended() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    let mut subscription = follow(&hub, "a", None);
    woken(&mut subscription).await;
    tokio::task::yield_now().await;
    let begun = Instant::now();
    for seq in 1..=3 {
        publish(&hub, "a");
        assert_eq!(woken(&mut subscription).await, (vec![seq], begun));
        // The round's task runs.
        tokio::task::yield_now().await;
    }
    coalescing.abort();
}

#[tokio::test(start_paused = true)]
async fn many_in_quick_succession_are_gathered_even_between_two_rounds() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    let mut subscription = follow(&hub, "a", None);
    woken(&mut subscription).await;
    tokio::task::yield_now().await;
    let begun = Instant::now();
    for _ in 0..10 {
        publish(&hub, "a");
    }
    assert_eq!(woken(&mut subscription).await.0.len(), 10);
    // Nothing of it is left, but it has woken its readers once only; the other nine are due.
    tokio::task::yield_now().await;
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![11], begun + MIN_INTERVAL));
    tokio::task::yield_now().await;
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![12], begun + MIN_INTERVAL * 2), "ten came before");
    tokio::task::yield_now().await;
    let pause = Instant::now();
    publish(&hub, "a");
    assert_eq!(woken(&mut subscription).await, (vec![13], pause), "one came before");
    coalescing.abort();
}

/// Takes what is new, while it may.
struct Reader {
    subscription: Mutex<Subscription>,
    may_deliver: AtomicBool,
    delivered: Mutex<Vec<u64>>,
}

impl Receiver for Reader {
    fn deliver(&self) -> bool {
        if !self.may_deliver.load(Ordering::SeqCst) {
            return false;
        }
        let mut taken = Vec::new();
        let progress = self.subscription.lock().expect("no panic").take_directly(ALL, &mut taken);
        let seq = |delivery: Delivery| match delivery {
            Delivery::Event(entry) => entry.cursor.seq.0,
            Delivery::Gap(..) => panic!("nothing is missing"),
        };
        self.delivered.lock().expect("no panic").extend(taken.into_iter().map(seq));
        matches!(progress, Progress::CaughtUp(_))
    }
}

#[tokio::test(start_paused = true)]
async fn receivers_are_served_by_the_round_and_woken_only_where_they_cannot_deliver() {
    let hub = hub();
    let coalescing = coalescing(&hub);
    tokio::task::yield_now().await;
    let readers: Vec<Arc<Reader>> = (0..150)
        .map(|_| {
            let mut subscription = follow(&hub, "a", None);
            assert_eq!(subscription.wake().now_or_never(), Some(Wake::Ready), "a first look");
            let may_deliver = AtomicBool::new(true);
            let reader = Arc::new(Reader {
                subscription: Mutex::new(subscription),
                may_deliver,
                delivered: Mutex::default(),
            });
            let receiver: Weak<Reader> = Arc::downgrade(&reader);
            reader.subscription.lock().expect("no panic").set_receiver(receiver);
            reader
        })
        .collect();
    let woken =
        |reader: &Reader| reader.subscription.lock().expect("no panic").wake().now_or_never().is_some();

    publish(&hub, "a");
    publish(&hub, "a");
    sleep(MIN_INTERVAL).await;
    readers[70].may_deliver.store(false, Ordering::SeqCst);
    publish(&hub, "a");
    sleep(MIN_INTERVAL).await;
    for (nth, reader) in readers.iter().enumerate() {
        let expected: &[u64] = if nth == 70 { &[1, 2] } else { &[1, 2, 3] };
        assert_eq!(*reader.delivered.lock().expect("no panic"), expected, "reader {nth}");
        assert_eq!(woken(reader), nth == 70, "reader {nth}");
    }

    // One that has gone is no reader's loss.
    let mut readers = readers;
    drop(readers.remove(3));
    publish(&hub, "a");
    sleep(MIN_INTERVAL).await;
    let latest = |reader: &Arc<Reader>| reader.delivered.lock().expect("no panic").last().copied();
    let fourth = readers.iter().filter(|reader| latest(reader) == Some(4)).count();
    assert_eq!(fourth, 148);
    coalescing.abort();
}
