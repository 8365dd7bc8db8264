//! A reader who comes from a node that was told more than this one.

use std::sync::{Arc, OnceLock};

use broker::{
    Appended, Broker, BrokerError, BrokerHealth, Control, Entry, History, HistoryFilter, LocalControl,
    NewEntry, Presence, PublishError, Published, Subscriber, local::LocalPresence,
};
use common::{Cursor, Epoch, Seq, Topic, frame::Verdict};
use fanout::{
    Batch, Delivery, Hub, Progress, Retention, Settings, SubscribeOptions, Subscription, SystemClock,
    TopicKind, TopicPolicy, Wake,
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use tokio::{sync::watch, time::Instant};

const EPOCH: Epoch = Epoch(7);
const ALL: Batch = Batch { entries: usize::MAX, bytes: usize::MAX };

/// A log with two numberings that tells what the test says, when it says so.
#[derive(Debug)]
struct TestLog {
    subscriber: OnceLock<Arc<dyn Subscriber>>,
    /// The verdict on a place that is ahead, once the test gives it.
    was_told: watch::Sender<Option<bool>>,
    presence: LocalPresence,
    control: LocalControl,
}

impl TestLog {
    fn tell(&self, topic: &str, (seq, latest): (u64, u64)) {
        let subscriber = self.subscriber.get().expect("a hub");
        let (topic, data) = (topic.parse().expect("a topic"), format!("{seq}-{latest}").into());
        let entry = Entry { cursor: at(seq, latest), topic, data, key: None, taken_at: Instant::now() };
        let appended: Appended = subscriber.append(entry).expect("taken");
        subscriber.wake(appended);
    }
}

impl Broker for TestLog {
    fn head(&self) -> Cursor {
        at(0, 0)
    }

    fn numbers_latest_apart(&self) -> bool {
        true
    }

    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError> {
        self.subscriber.set(subscriber).map_err(|_| BrokerError::Subscribed)
    }

    fn ready(&self) -> BoxFuture<'static, Result<(), BrokerError>> {
        ready(Ok(())).boxed()
    }

    fn publish(&self, _: NewEntry) -> BoxFuture<'static, Result<Published, PublishError>> {
        ready(Err(PublishError::Closed)).boxed()
    }

    fn publish_blocking(&self, _: &NewEntry) -> Result<Published, PublishError> {
        Err(PublishError::Closed)
    }

    fn history(&self, _: &Topic, _: HistoryFilter) -> BoxFuture<'static, Result<History, BrokerError>> {
        ready(Err(BrokerError::Unusable("it has none".to_owned()))).boxed()
    }

    fn remove(&self, _: &Topic) -> BoxFuture<'static, Result<u64, BrokerError>> {
        ready(Ok(0)).boxed()
    }

    fn caught_up(&self, _: Cursor) -> BoxFuture<'static, bool> {
        let mut was_told = self.was_told.subscribe();
        async move { was_told.wait_for(Option::is_some).await.is_ok_and(|told| *told == Some(true)) }.boxed()
    }

    fn flush(&self) -> BoxFuture<'static, Result<(), PublishError>> {
        ready(Ok(())).boxed()
    }

    fn presence(&self) -> &dyn Presence {
        &self.presence
    }

    fn control(&self) -> &dyn Control {
        &self.control
    }

    fn health(&self) -> BrokerHealth {
        BrokerHealth::default()
    }

    fn sweep(&self) {}

    fn close(&self) {}
}

fn at(seq: u64, latest: u64) -> Cursor {
    Cursor { epoch: EPOCH, seq: Seq(seq), latest: Seq(latest) }
}

fn node() -> (Arc<TestLog>, Hub) {
    let log = Arc::new(TestLog {
        subscriber: OnceLock::new(),
        was_told: watch::Sender::new(None),
        presence: LocalPresence::default(),
        control: LocalControl::default(),
    });
    let policy = |pattern: &str, kind| TopicPolicy {
        pattern: pattern.parse().expect("a pattern"),
        kind,
        retention: Retention::entries(100),
    };
    let settings = Settings {
        clock: Arc::new(SystemClock),
        epoch: EPOCH,
        policies: vec![policy("log/*", TopicKind::Log), policy("latest/*", TopicKind::Latest)],
        publication_bytes: 1 << 10,
        topics_per_subscription: 0,
        topics: 10,
        bytes: 1 << 20,
    };
    let hub = Hub::with_broker(settings, log.clone()).expect("its first hub");
    (log, hub)
}

fn resume(hub: &Hub, since: Cursor) -> Subscription {
    let topics = ["log/a", "latest/a"].map(|topic| topic.parse().expect("a topic")).to_vec();
    let options = SubscribeOptions { topics, since: Some(since), ..SubscribeOptions::default() };
    hub.subscribe(&options).expect("a subscription")
}

/// The payloads of what comes next, and where that leaves the reader.
fn take(subscription: &mut Subscription) -> (Vec<String>, Cursor) {
    let mut out = Vec::new();
    let Progress::CaughtUp(place) = subscription.take(ALL, &mut out) else { panic!("there is more") };
    let text = |delivery: &Delivery| match delivery {
        Delivery::Event(entry) => String::from_utf8_lossy(&entry.data).into_owned(),
        Delivery::Gap(reason, _) => format!("{reason:?}"),
    };
    (out.iter().map(text).collect(), place)
}

#[tokio::test]
async fn a_reader_who_is_further_keeps_its_place_and_gets_nothing_twice() {
    let (log, hub) = node();
    log.tell("log/a", (1, 0));
    log.tell("latest/a", (1, 5));
    // The other node has told it entries 2 and 3, and value 6.
    let mut reader = resume(&hub, at(3, 6));
    assert_eq!(reader.verdict(), Verdict::Resumed);
    assert_eq!(take(&mut reader), (vec![], at(3, 6)), "its place stays");
    log.tell("log/a", (2, 5));
    // A later value does not come with a place that is behind the reader's in the log.
    log.tell("latest/a", (2, 7));
    let mut out = Vec::new();
    assert_eq!(reader.take(ALL, &mut out), Progress::CaughtUp(at(3, 7)));
    let [Delivery::Event(value)] = &out[..] else { panic!("{out:?}") };
    assert_eq!((value.cursor, &value.data[..]), (at(3, 7), &b"2-7"[..]));
    log.tell("log/a", (3, 7));
    log.tell("log/a", (4, 7));
    assert_eq!(take(&mut reader), (vec!["4-7".to_owned()], at(4, 7)));
}

#[tokio::test]
async fn a_place_that_no_node_told_is_asked_to_come_again_and_then_told_of_the_gap() {
    let (log, hub) = node();
    log.tell("log/a", (1, 0));
    let mut reader = resume(&hub, at(1_000, 0));
    assert_eq!(reader.verdict(), Verdict::Resumed, "it is believed until the log has been asked");
    assert_eq!(take(&mut reader).0, [""; 0]);
    log.was_told.send_replace(Some(false));
    while !matches!(reader.wake().await, Wake::Disconnect(_)) {}
    let mut again = resume(&hub, at(1_000, 0));
    assert_eq!(again.verdict(), Verdict::Gap);
    assert_eq!(take(&mut again).0, ["Foreign", "1-0"]);
}

#[tokio::test]
async fn a_new_life_of_the_log_is_told_to_everyone_who_reads() {
    let (log, hub) = node();
    log.tell("log/a", (1, 0));
    let mut reader = resume(&hub, at(0, 0));
    assert_eq!(take(&mut reader).0, ["1-0"]);
    let subscriber = log.subscriber.get().expect("a hub");
    subscriber.reset(Epoch(8));
    let entry = Entry {
        cursor: Cursor::new(Epoch(8), Seq(1)),
        topic: "log/a".parse().expect("a topic"),
        data: "new".into(),
        key: None,
        taken_at: Instant::now(),
    };
    subscriber.wake(subscriber.append(entry).expect("taken"));
    assert_eq!(reader.wake().await, Wake::Ready);
    let (told, place) = take(&mut reader);
    assert_eq!(told, ["Restarted", "Restarted", "new"].map(str::to_owned)[1..].to_vec());
    assert_eq!(place, Cursor::new(Epoch(8), Seq(1)));
}

#[tokio::test]
async fn entries_that_the_node_was_never_told_of_are_a_gap_for_who_is_up_to_date() {
    let (log, hub) = node();
    log.tell("log/a", (1, 0));
    let mut reader = resume(&hub, at(0, 0));
    assert_eq!(take(&mut reader), (vec!["1-0".to_owned()], at(1, 0)));
    let subscriber = log.subscriber.get().expect("a hub");
    let topic: Topic = "log/a".parse().expect("a topic");
    // Entries that it has seen may go without a word.
    subscriber.evicted(&topic, at(1, 0));
    assert_eq!(take(&mut reader).0, [""; 0]);
    // While the node was cut off, entries 2 to 5 came and went.
    let other: Topic = "log/b".parse().expect("a topic");
    let options = SubscribeOptions { topics: vec![other.clone()], ..SubscribeOptions::default() };
    let mut other_reader = hub.subscribe(&options).expect("a subscription");
    assert_eq!(take(&mut other_reader).0, [""; 0]);
    subscriber.evicted(&topic, at(5, 0));
    subscriber.evicted(&other, at(5, 0));
    assert_eq!(take(&mut other_reader).0, ["Evicted"], "each topic has lost what was not told");
    log.tell("log/a", (6, 0));
    assert_eq!(take(&mut reader), (vec!["Evicted".to_owned(), "6-0".to_owned()], at(6, 0)));
    assert_eq!(resume(&hub, at(4, 0)).verdict(), Verdict::Gap);
    assert_eq!(resume(&hub, at(5, 0)).verdict(), Verdict::Resumed);
}
