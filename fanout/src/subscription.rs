//! A subscription: one connection's view of the log, with the topics that it follows and its position in each.

mod ahead;
mod read;
pub(crate) mod resume;

use std::{
    future::poll_fn,
    sync::{Arc, Weak},
    task::{Context, Poll},
};

use broker::TopicKind;
use bytes::Bytes;
use common::{
    Cursor, Seq, Topic,
    frame::{GapReason, Verdict},
};

use crate::{
    error::SubscribeError,
    hub::{Hub, StartPosition},
    notifier::{Disconnect, Notifier, Receiver},
    publication::{Publication, WireFormat},
    topic::TopicState,
};

/// The options of a new subscription.
#[derive(Debug, Clone, Default)]
pub struct SubscribeOptions {
    /// The topics to follow.
    pub topics: Vec<Topic>,
    /// The last place seen, on whichever transport.
    pub since: Option<Cursor>,
    /// The topics of `topics` to begin with all that the log still holds, whatever `since` says: a client that adds a
    /// topic while it reconnects has not seen it up to its cursor.
    pub snapshot: Vec<Topic>,
}

/// An item for the client.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// The next publication.
    Event(Arc<Publication>),
    /// Entries of these topics are gone; what is left follows.
    Gap(GapReason, Vec<Topic>),
}

/// The bounds of one read: the first one that is reached ends it, and it takes at least one entry.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// Entries.
    pub entries: usize,
    /// The bytes of payload.
    pub bytes: usize,
}

/// The state of a subscription after a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All entries of its topics are delivered up to this cursor.
    CaughtUp(Cursor),
    /// There is more to take.
    More,
    /// Its reader may not be told anything more. The subscription is disconnected.
    Silenced,
}

/// The reason for which a subscription was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There may be something to take.
    Ready,
    /// The hub wants it to end.
    Disconnect(Disconnect),
}

/// One connection's view of the log. Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    hub: Hub,
    notifier: Arc<Notifier>,
    subscribed: Vec<SubscribedTopic>,
    verdict: Verdict,
    /// The place that its client had come to on another node, until this one is as far.
    ahead: Option<Cursor>,
    /// The entries of its topics that were never delivered, since the last call of [`Subscription::take_dropped`].
    dropped: u64,
}

/// A topic that a subscription follows.
#[derive(Debug)]
struct SubscribedTopic {
    topic: Arc<TopicState>,
    /// The key of the notifier among the topic's listeners.
    listener: usize,
    /// The life of the log that the position is of.
    life: u32,
    /// The position up to which everything is delivered, or not for this subscription.
    position: Seq,
    /// The number of entries that the topic had up to the position.
    passed: u64,
    /// A gap that is still to be delivered.
    gap: Option<GapReason>,
    /// The place up to which the client has seen the topic on another node, while this one is behind it.
    ahead: Option<Cursor>,
}

impl Hub {
    /// Opens a subscription.
    ///
    /// # Errors
    /// When a topic is unknown, there are too many, or the hub is closing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use common::{Epoch, Topic};
    /// use fanout::{
    ///     Batch, Delivery, Hub, Retention, Settings, SubscribeOptions, SystemClock, TopicKind, TopicPolicy,
    /// };
    ///
    /// let hub = Hub::new(Settings {
    ///     clock: Arc::new(SystemClock),
    ///     epoch: Epoch(1),
    ///     policies: vec![TopicPolicy {
    ///         pattern: "chat/*".parse()?,
    ///         kind: TopicKind::Log,
    ///         retention: Retention::entries(100),
    ///     }],
    ///     publication_bytes: 1 << 20,
    ///     topics_per_subscription: 0,
    ///     topics: 100,
    ///     bytes: 1 << 24,
    /// });
    /// let topic: Topic = "chat/lobby".parse()?;
    /// let options = SubscribeOptions { topics: vec![topic.clone()], ..SubscribeOptions::default() };
    /// let mut subscription = hub.subscribe(&options)?;
    /// hub.publish(&topic, "{}".into())?;
    ///
    /// let mut deliveries = Vec::new();
    /// subscription.take(Batch { entries: 10, bytes: 1 << 16 }, &mut deliveries);
    /// assert!(matches!(&deliveries[..], [Delivery::Event(entry)] if &entry.data[..] == b"{}"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn subscribe(&self, options: &SubscribeOptions) -> Result<Subscription, SubscribeError> {
        Subscription::open(self.clone(), 0, options)
    }

    /// Subscribes as [`Hub::subscribe`] does, under an owner's number. [`Hub::subscription_stats`] and
    /// [`Hub::disconnect`] find the subscription by that number.
    ///
    /// # Errors
    /// As for [`Hub::subscribe`].
    pub fn subscribe_as(
        &self,
        owner: u64,
        options: &SubscribeOptions,
    ) -> Result<Subscription, SubscribeError> {
        Subscription::open(self.clone(), owner, options)
    }
}

impl Subscription {
    pub(crate) fn open(hub: Hub, owner: u64, options: &SubscribeOptions) -> Result<Self, SubscribeError> {
        let notifier = hub.register(owner)?;
        let mut subscription =
            Self { hub, notifier, subscribed: Vec::new(), verdict: Verdict::New, ahead: None, dropped: 0 };
        for topic in &options.topics {
            let snapshot = options.snapshot.contains(topic);
            subscription.follow(topic, options.since, snapshot)?;
        }
        if options.since.is_some() {
            let gap = subscription.subscribed.iter().any(|subscribed| subscribed.gap.is_some());
            subscription.verdict = if gap { Verdict::Gap } else { Verdict::Resumed };
        }
        let first = subscription.subscribed.iter().map(|subscribed| subscribed.position).min();
        subscription.notifier.set_position(first.unwrap_or(Seq::START));
        Ok(subscription)
    }

    /// Returns the verdict on the time that the client was away.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Adds topics, from `since` or from now; returns those that are new to this subscription.
    ///
    /// # Errors
    /// When a topic is unknown or there are too many; then none is added.
    pub fn add_topics(
        &mut self,
        topics: &[Topic],
        since: Option<Cursor>,
        snapshot: bool,
    ) -> Result<Vec<Topic>, SubscribeError> {
        let before = self.subscribed.len();
        let mut added = Vec::new();
        for topic in topics {
            match self.follow(topic, since, snapshot) {
                Ok(true) => added.push(topic.clone()),
                Ok(false) => {}
                Err(error) => {
                    self.subscribed.drain(before..).for_each(unfollow);
                    return Err(error);
                }
            }
        }
        self.notifier.notify();
        Ok(added)
    }

    /// Takes topics away; unknown ones are ignored.
    pub fn remove_topics(&mut self, topics: &[Topic]) {
        self.subscribed
            .extract_if(.., |subscribed| topics.contains(&subscribed.topic.name))
            .for_each(unfollow);
    }

    fn follow(
        &mut self,
        name: &Topic,
        since: Option<Cursor>,
        snapshot: bool,
    ) -> Result<bool, SubscribeError> {
        if self.subscribed.iter().any(|subscribed| subscribed.topic.name == *name) {
            return Ok(false);
        }
        let limit = self.hub.settings().topics_per_subscription;
        if limit > 0 && self.subscribed.len() >= limit {
            return Err(SubscribeError::TooManyTopics { asked: self.subscribed.len() + 1, limit });
        }
        let ahead = since.filter(|since| !snapshot && self.is_ahead(*since));
        let StartPosition { topic, listener, life, position, passed, gap } =
            self.hub.subscribe_topic(name, since, snapshot, ahead.is_some(), &self.notifier)?;
        self.subscribed.push(SubscribedTopic { topic, listener, life, position, passed, gap, ahead });
        Ok(true)
    }

    /// Leaves entries that everyone else is about to be woken for ([`Hub::coalesce`]) to that moment, instead of
    /// finding them at once. It is for a subscription that polls to read on, and is called before the first wake.
    pub fn defer_to_next_wake(&mut self) {
        // The order matters: a notification after this clears nothing, and one before it shows in the topics' state.
        self.notifier.clear();
        let is_notified_soon = |one: &SubscribedTopic| {
            one.topic.pending_notification_after().is_some_and(|place| place <= one.position)
        };
        if self.notifier.disconnected().is_some() || !self.subscribed.iter().any(is_notified_soon) {
            self.notifier.mark();
        }
    }

    /// Rests while its client does not wait for anything: it keeps its position, and is not among the open subscriptions of
    /// [`Hub::metrics`].
    pub fn rest(&self) {
        self.notifier.set_resting(true);
    }

    /// Goes on for a client who has everything up to where this subscription stands and says so: [`Subscription::verdict`] is
    /// `Resumed` from then on. False where entries that were not taken yet are gone: a new subscription tells of them.
    pub fn continue_poll(&mut self) -> bool {
        if self.hub.with_log(|log| read::has_lost(log, &self.subscribed)) {
            return false;
        }
        self.notifier.set_resting(false);
        self.verdict = Verdict::Resumed;
        true
    }

    /// Returns the way in which the subscription is to end, once it is.
    #[must_use]
    pub fn disconnected(&self) -> Option<Disconnect> {
        self.notifier.disconnected()
    }

    /// Ready when there may be something to take, or when the hub closes.
    pub fn poll_wake(&mut self, cx: &mut Context<'_>) -> Poll<Wake> {
        if self.notifier.poll_notified(cx).is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(self.notifier.disconnected().map_or(Wake::Ready, Wake::Disconnect))
    }

    /// Ready when the hub closes. What there is to take is left for [`Subscription::poll_wake`] to tell: for a subscription
    /// whose client cannot take anything now.
    pub fn poll_disconnect(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        self.notifier.poll_disconnect(cx)
    }

    /// [`Subscription::poll_wake`] as a future.
    pub async fn wake(&mut self) -> Wake {
        poll_fn(|cx| self.poll_wake(cx)).await
    }

    /// Has `receiver` deliver what is new from now on, where rounds of wakes run ([`Hub::coalesce`]). The first one stays.
    pub fn set_receiver(&self, receiver: Weak<dyn Receiver>) {
        self.notifier.set_receiver(receiver);
        self.subscribed.iter().for_each(|subscribed| subscribed.topic.note_receiver());
    }

    /// Moves what comes next into `out`, in the log's order. Where that is not all, [`Subscription::poll_wake`] is ready.
    pub fn take(&mut self, batch: Batch, out: &mut Vec<Delivery>) -> Progress {
        let progress = self.take_directly(batch, out);
        if progress == Progress::More {
            self.notifier.notify();
        }
        progress
    }

    /// [`Subscription::take`] for a [`Receiver`], which takes the rest itself: nobody is woken.
    pub fn take_directly(&mut self, batch: Batch, out: &mut Vec<Delivery>) -> Progress {
        if self.notifier.is_silenced() {
            return Progress::Silenced;
        }
        let before = out.len();
        let (progress, place, reading) = self.hub.with_log(|log| {
            let (progress, reading) = read::read(log, &mut self.subscribed, batch, out);
            (progress, log.head_place(), reading)
        });
        self.hub.stats().read(&reading);
        self.dropped += reading.dropped;
        let progress = self.keep_ahead(progress, &mut out[before..]);
        match (progress, out.last()) {
            (Progress::CaughtUp(_), _) => self.notifier.set_position(place),
            (Progress::More, Some(Delivery::Event(last))) => self.notifier.set_position(last.place),
            (Progress::More | Progress::Silenced, _) => {}
        }
        progress
    }

    /// Passes over all but the newest entry of each `Latest` topic, for a reader who asked for a slow pace.
    pub fn conflate(&mut self) {
        let reading = self.hub.with_log(|log| read::conflate(log, &mut self.subscribed));
        self.hub.stats().read(&reading);
        self.dropped += reading.dropped;
    }

    /// Returns the number of entries that were dropped since the last call. Dropped are older values of `Latest`
    /// topics that were replaced before a read, and the entries of a gap.
    pub fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// The publication as it is written on a wire, built by whichever subscription asks first.
    #[must_use]
    pub fn encode(&self, publication: &Publication, format: &WireFormat) -> Bytes {
        publication.encode(format, self.hub.stats())
    }

    /// The topics it follows.
    pub fn topics(&self) -> impl Iterator<Item = (&Topic, TopicKind)> {
        self.subscribed.iter().map(|subscribed| (&subscribed.topic.name, subscribed.topic.kind))
    }

    /// The hub it reads from.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }
}

fn unfollow(subscribed: SubscribedTopic) {
    subscribed.topic.unlisten(subscribed.listener);
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.subscribed.drain(..).for_each(unfollow);
        self.hub.unregister(self.notifier.key);
    }
}
