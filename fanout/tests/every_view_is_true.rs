//! For random publishes, subscriptions, stalls, disconnects, resumes and restarts, every subscriber's view of every
//! topic is in order, without duplicate, and complete or told of its gap; and no gap is told where nothing is missing.
//! In memory a restart is a new life of the log; with a journal it is the same one, whether the hub was closed or
//! killed, and in the middle of a record or not.

mod support;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use common::{Cursor, Epoch, Seq, Topic, frame::GapReason, frame::Verdict};
use fanout::{
    Batch, Delivery, Hub, Progress, Retention, Settings, SubscribeOptions, Subscription, SystemClock,
    TopicKind, TopicPolicy, Wake,
};
use proptest::prelude::*;
use support::{Restart, Stored};

const TOPICS: usize = 4;
const CLIENTS: usize = 3;
/// Topics 0 and 1 are logs, 2 and 3 hold the latest; short retention makes gaps likely.
const KEPT: [usize; TOPICS] = [3, 8, 1, 4];

#[derive(Debug, Clone)]
enum Step {
    Publish(usize),
    Connect { client: usize, topics: u8, resume: bool },
    Subscribe { client: usize, topic: usize },
    Read { client: usize, entries: usize },
    Disconnect(usize),
    Restart(Restart),
}

fn step() -> impl Strategy<Value = Step> {
    let client = 0..CLIENTS;
    let restart = prop_oneof![Just(Restart::Closed), any::<u8>().prop_map(|torn| Restart::Killed { torn })];
    prop_oneof![
        8 => (0..TOPICS).prop_map(Step::Publish),
        3 => (client.clone(), 1u8..16, prop::bool::weighted(0.8))
            .prop_map(|(client, topics, resume)| Step::Connect { client, topics, resume }),
        1 => (client.clone(), 0..TOPICS).prop_map(|(client, topic)| Step::Subscribe { client, topic }),
        6 => (client.clone(), 1usize..6).prop_map(|(client, entries)| Step::Read { client, entries }),
        2 => client.prop_map(Step::Disconnect),
        1 => restart.prop_map(Step::Restart),
    ]
}

fn topic(index: usize) -> Topic {
    let family = if index < 2 { "log" } else { "latest" };
    format!("{family}/{index}").parse().expect("a topic")
}

fn settings(epoch: u64) -> Settings {
    let policy = |index: usize, kind| TopicPolicy {
        pattern: topic(index).as_str().parse().expect("a pattern"),
        kind,
        retention: Retention {
            entries: KEPT[index],
            age: Duration::from_secs(3600),
            bytes: usize::MAX,
            snapshot: usize::MAX,
            lapses: false,
            quota: fanout::TopicQuota::Shared,
        },
    };
    Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(epoch),
        policies: vec![
            policy(0, TopicKind::Log),
            policy(1, TopicKind::Log),
            policy(2, TopicKind::Latest),
            policy(3, TopicKind::Latest),
        ],
        publication_bytes: 1024,
        topics_per_subscription: 0,
        topics: 16,
        bytes: 1 << 30,
    }
}

/// The model of what was published: the sequence numbers of every topic in this epoch.
#[derive(Default)]
struct Truth {
    epoch: u64,
    entries: [Vec<u64>; TOPICS],
    /// The greatest number that anyone was told.
    last: u64,
    /// With a journal, no life of the log ends.
    one_life: bool,
}

impl Truth {
    fn publish(&mut self, index: usize, cursor: Cursor) -> Result<(), TestCaseError> {
        prop_assert_eq!(cursor.epoch, Epoch(self.epoch));
        prop_assert_eq!(cursor.seq.0, self.last + 1);
        self.last += 1;
        self.entries[index].push(self.last);
        Ok(())
    }

    fn restart(&mut self, how: Restart, head: Cursor) -> Result<(), TestCaseError> {
        if !self.one_life {
            *self = Self { epoch: self.epoch + 1, ..Self::default() };
        } else if how == Restart::Closed {
            prop_assert_eq!(head.seq.0, self.last, "no number was given out meanwhile");
        }
        prop_assert_eq!(head.epoch, Epoch(self.epoch));
        prop_assert!(head.seq.0 >= self.last, "no number is given out twice");
        self.last = head.seq.0;
        // Their newest value is measured anew.
        self.entries[2..].iter_mut().for_each(Vec::clear);
        Ok(())
    }

    fn evicted(&self, topic: usize, seq: u64) -> bool {
        let kept = KEPT[topic].min(self.entries[topic].len());
        let oldest = self.entries[topic].len() - kept;
        self.entries[topic][..oldest].contains(&seq)
    }
}

/// The state of one client.
#[derive(Default)]
struct Client {
    subscription: Option<Subscription>,
    cursor: Option<Cursor>,
    views: BTreeMap<usize, View>,
}

/// A client's knowledge of one topic within the present epoch.
struct View {
    /// Everything of this topic up to here is seen, told as missing, or older than the client's interest.
    through: u64,
    told_gap: Option<GapReason>,
}

impl Client {
    fn connect(
        &mut self,
        hub: &Hub,
        truth: &Truth,
        wanted: &[usize],
        resume: bool,
    ) -> Result<(), TestCaseError> {
        self.subscription = None;
        let since = self.cursor.filter(|_| resume);
        if since.is_none() {
            self.cursor = None;
            self.views.clear();
        }
        let topics = wanted.iter().copied().map(topic).collect();
        let subscription =
            hub.subscribe(&SubscribeOptions { topics, since, snapshot: vec![] }).expect("topics are known");
        let head = hub.head().seq.0;
        let same_life = since.is_some_and(|cursor| cursor.epoch == Epoch(truth.epoch));
        let mut expect_gap = false;
        for &index in wanted {
            let from = since.filter(|_| same_life).map(|cursor| cursor.seq.0);
            let is_log = index < 2;
            let newest_only = truth.entries[index].last().map_or(0, |newest| newest - 1);
            let through = match (since, from) {
                (None, _) if is_log => head,
                (Some(_), Some(from)) => from,
                (Some(_), None) if is_log => 0,
                _ => newest_only,
            };
            let missing = match from {
                Some(from) => {
                    is_log && truth.entries[index].iter().any(|&s| s > from && truth.evicted(index, s))
                }
                None => since.is_some(),
            };
            expect_gap |= missing;
            self.views.insert(index, View { through, told_gap: None });
        }
        let expected = match since {
            None => Verdict::New,
            Some(_) if expect_gap => Verdict::Gap,
            Some(_) => Verdict::Resumed,
        };
        prop_assert_eq!(subscription.verdict(), expected);
        self.subscription = Some(subscription);
        Ok(())
    }

    fn read(&mut self, truth: &Truth, entries: usize) -> Result<bool, TestCaseError> {
        let Some(subscription) = &mut self.subscription else { return Ok(true) };
        let mut out = Vec::new();
        let progress = subscription.take(Batch { entries, bytes: usize::MAX }, &mut out);
        let following: Vec<Topic> = subscription.topics().map(|(topic, _)| topic.clone()).collect();
        let mut last = 0;
        for delivery in out {
            match delivery {
                Delivery::Gap(reason, topics) => {
                    for name in topics {
                        let index = (0..TOPICS).find(|&i| topic(i) == name).expect("a topic of ours");
                        let view = self.views.get_mut(&index).expect("a topic it follows");
                        view.told_gap = Some(reason);
                        prop_assert!(reason == GapReason::Evicted || !truth.one_life);
                        let lost =
                            truth.entries[index].iter().any(|&s| s > view.through && truth.evicted(index, s));
                        prop_assert!(
                            reason != GapReason::Evicted || lost,
                            "a gap was told and nothing is missing"
                        );
                    }
                }
                Delivery::Event(publication) => {
                    let seq = publication.cursor.seq.0;
                    prop_assert_eq!(publication.cursor.epoch, Epoch(truth.epoch));
                    prop_assert!(seq > last, "a batch is in the log's order");
                    last = seq;
                    let index =
                        (0..TOPICS).find(|&i| topic(i) == publication.topic).expect("a topic of ours");
                    prop_assert!(following.contains(&publication.topic));
                    let view = self.views.get_mut(&index).expect("a topic it follows");
                    prop_assert!(seq > view.through, "neither twice nor backwards");
                    let skipped: Vec<u64> = truth.entries[index]
                        .iter()
                        .copied()
                        .filter(|&s| s > view.through && s < seq)
                        .collect();
                    if index < 2 && !skipped.is_empty() {
                        prop_assert!(
                            view.told_gap.is_some(),
                            "{skipped:?} of {index} are missing without a word"
                        );
                        prop_assert!(
                            skipped.iter().all(|&s| truth.evicted(index, s)),
                            "{skipped:?} were still there"
                        );
                    }
                    view.through = seq;
                    view.told_gap = None;
                    self.cursor = Some(publication.cursor);
                }
            }
        }
        let Progress::CaughtUp(cursor) = progress else { return Ok(false) };
        for (index, view) in &mut self.views {
            if following.contains(&topic(*index)) {
                let newest = truth.entries[*index].last().copied().unwrap_or(0);
                let all_told = view.through >= newest || view.told_gap.is_some();
                prop_assert!(all_told, "caught up, yet {newest} of topic {index} was not told");
                view.through = view.through.max(cursor.seq.0);
                view.told_gap = None;
            }
        }
        self.cursor = Some(cursor);
        Ok(true)
    }

    fn poll_wake(&mut self) -> bool {
        let Some(subscription) = &mut self.subscription else { return false };
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        matches!(subscription.poll_wake(&mut cx), std::task::Poll::Ready(Wake::Ready))
    }
}

fn every_view_is_true(steps: Vec<Step>, mut stored: Option<Stored>) -> Result<(), TestCaseError> {
    let mut truth = Truth { epoch: 1, one_life: stored.is_some(), ..Truth::default() };
    let mut log = match &stored {
        Some(stored) => stored.open(settings(truth.epoch)),
        None => Hub::new(settings(truth.epoch)),
    };
    let mut clients: [Client; CLIENTS] = Default::default();
    for step in steps {
        match step {
            Step::Publish(index) => {
                let cursor = log.publish(&topic(index), Bytes::from_static(b"{}")).expect("a known topic");
                truth.publish(index, cursor)?;
                for client in &mut clients {
                    let follows = client
                        .subscription
                        .as_ref()
                        .is_some_and(|s| s.topics().any(|(t, _)| *t == topic(index)));
                    prop_assert!(
                        !follows || client.poll_wake(),
                        "a publication wakes whoever follows its topic"
                    );
                    if follows {
                        // The client was notified and has not read yet: the next notification must come through
                        // again.
                        prop_assert!(!client.poll_wake());
                    }
                }
            }
            Step::Connect { client, topics, resume } => {
                let wanted: Vec<usize> = (0..TOPICS).filter(|i| topics & (1 << i) != 0).collect();
                clients[client].connect(&log, &truth, &wanted, resume)?;
            }
            Step::Subscribe { client, topic: index } => {
                let client = &mut clients[client];
                if let Some(subscription) = &mut client.subscription {
                    let added = subscription.add_topics(&[topic(index)], None, false).expect("a known topic");
                    if !added.is_empty() {
                        let newest = truth.entries[index].last().copied().unwrap_or(0);
                        let through = if index < 2 { log.head().seq.0 } else { newest.saturating_sub(1) };
                        client.views.insert(index, View { through, told_gap: None });
                    }
                }
            }
            Step::Read { client, entries } => {
                clients[client].read(&truth, entries)?;
            }
            Step::Disconnect(client) => clients[client].subscription = None,
            Step::Restart(how) => {
                for client in &mut clients {
                    client.subscription = None;
                }
                // A later epoch is proposed, as a server that starts does; a journal has no need of it.
                let next = settings(truth.epoch + 1);
                log = match &mut stored {
                    Some(stored) => stored.restart(log, how, next),
                    None => Hub::new(next),
                };
                truth.restart(how, log.head())?;
            }
        }
    }
    for client in &mut clients {
        while !client.read(&truth, 3)? {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_view_is_in_order_without_duplicate_and_complete_or_told_of_its_gap(
        steps in prop::collection::vec(step(), 1..120),
    ) {
        every_view_is_true(steps, None)?;
    }
}

proptest! {
    // There are fewer cases, because each opens many files. They are longer, so that segments are compacted several
    // times.
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn with_a_journal_every_view_stays_true_over_restarts_and_kills(
        steps in prop::collection::vec(step(), 1..300),
    ) {
        every_view_is_true(steps, Some(Stored::new()))?;
    }
}

#[test]
fn a_cursor_that_this_log_never_gave_out_is_foreign() {
    let log = Hub::new(settings(5));
    log.publish(&topic(0), Bytes::from_static(b"1")).expect("a known topic");
    for (epoch, seq, reason) in
        [(5, 9, GapReason::Foreign), (6, 0, GapReason::Foreign), (4, 1, GapReason::Restarted)]
    {
        let since = Some(Cursor::new(Epoch(epoch), Seq(seq)));
        let mut subscription = log
            .subscribe(&SubscribeOptions { topics: vec![topic(0)], since, snapshot: vec![] })
            .expect("a session");
        assert_eq!(subscription.verdict(), Verdict::Gap);
        let mut out = Vec::new();
        subscription.take(Batch { entries: 10, bytes: 1000 }, &mut out);
        assert!(matches!(&out[0], Delivery::Gap(told, _) if *told == reason));
        assert!(
            matches!(&out[1], Delivery::Event(event) if event.cursor.seq == Seq(1)),
            "a snapshot follows"
        );
    }
}
