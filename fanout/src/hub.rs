//! The hub: the one door to the log.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use broker::{Broker, Clock, PublishError, TopicPolicy};
use common::{
    Cursor, Seq, Topic,
    frame::{ByeReason, GapReason},
};
use parking_lot::{Mutex, RwLock};
use slab::Slab;
use tokio::{
    sync::{Notify, broadcast, watch},
    time::Instant,
};

use crate::{
    error::SubscribeError,
    foreign::ForeignPlaces,
    log::{Log, TopicLog},
    notifier::{Disconnect, Notifier},
    settings::Settings,
    stats::{Counters, Metrics},
    subscription::resume::start_position,
    topic::TopicState,
    wake_coalescer::WakeCoalescer,
};

/// The one door to the log; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) log: RwLock<Log>,
    pub(crate) broker: Arc<dyn Broker>,
    /// Delays wakes of topics that publish in quick succession.
    pub(crate) wake_coalescer: WakeCoalescer,
    /// The notifiers of all open subscriptions, for closing.
    pub(crate) subscriptions: Mutex<Slab<Arc<Notifier>>>,
    /// Places ahead of this node that no node ever told.
    pub(crate) foreign: ForeignPlaces,
    /// Changes when the log has a topic more.
    pub(crate) topic_changes: watch::Sender<u64>,
    pub(crate) presence_changes: broadcast::Sender<Topic>,
    pub(crate) closed: AtomicBool,
    /// The notice that closing gave, kept for clients that come later.
    pub(crate) shutdown_notice: OnceLock<ShutdownNotice>,
    /// Notifies waiters when the last subscription of a closed hub has gone.
    pub(crate) drained: Notify,
    pub(crate) stats: Counters,
}

/// The notice that every client gets when the hub closes.
#[derive(Debug)]
pub(crate) struct ShutdownNotice {
    reason: ByeReason,
    retry_ms: u64,
    spread_ms: u64,
    sent: AtomicU64,
}

impl ShutdownNotice {
    /// Multiples of the golden ratio fall evenly over the spread, however many there are.
    fn next(&self) -> Disconnect {
        let share = self.sent.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        Disconnect { reason: self.reason, retry_ms: self.retry_ms + ((share * self.spread_ms) >> 32) }
    }
}

/// The position at which a subscription begins to read a topic.
pub(crate) struct StartPosition {
    pub(crate) topic: Arc<TopicState>,
    pub(crate) listener: usize,
    pub(crate) life: u32,
    pub(crate) position: Seq,
    pub(crate) passed: u64,
    pub(crate) gap: Option<GapReason>,
}

impl Hub {
    /// Returns the log that feeds this hub.
    #[must_use]
    pub fn broker(&self) -> &Arc<dyn Broker> {
        &self.0.broker
    }

    /// While this runs, a publication that comes while the readers of its topic are still being served for the last one, or after
    /// many in quick succession, is read together with those that follow it: at the end of that round of wakes, and no later than
    /// `min_interval` after it began or when it ends, whichever is later. [`Receiver`]s are served by tasks of the runtime that
    /// this runs on. Without it every publication wakes each reader's task.
    ///
    /// [`Receiver`]: crate::Receiver
    pub async fn coalesce(&self, min_interval: Duration) {
        self.0.wake_coalescer.run(min_interval).await;
    }

    /// Reports that no other node shares the log now.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.0.broker.control().nodes().len() <= 1
    }

    /// Reports that this is the first by name of the nodes that share the log: it does what one of them has to do for all.
    #[must_use]
    pub fn is_first_node(&self) -> bool {
        let control = self.0.broker.control();
        control.nodes().iter().min().is_none_or(|first| first == control.node())
    }

    /// Resolves when everything published up to now is where it would outlive a power cut; at once in memory only. Those who wait at
    /// the same time wait for one write. Without anyone waiting it takes a second.
    ///
    /// # Errors
    /// When the disk failed; nothing is stored from then on, until the log is opened again.
    pub async fn flush(&self) -> Result<(), PublishError> {
        self.0.broker.flush().await
    }

    /// Tells when something was published to a topic that this node did not know.
    #[must_use]
    pub fn topic_changes(&self) -> watch::Receiver<u64> {
        self.0.topic_changes.subscribe()
    }

    /// Tells of topics whose members have changed, on this node or another. Who falls behind is told so, and lists all.
    #[must_use]
    pub fn presence_changes(&self) -> broadcast::Receiver<Topic> {
        self.0.presence_changes.subscribe()
    }

    /// Returns the clock of the process.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.settings.clock
    }

    /// The place of the newest entry.
    #[must_use]
    pub fn head(&self) -> Cursor {
        self.0.log.read().head()
    }

    /// Returns the number of subscriptions that follow a topic and do not rest ([`Subscription::rest`]).
    ///
    /// [`Subscription::rest`]: crate::Subscription::rest
    #[must_use]
    pub fn subscribers(&self, topic: &Topic) -> usize {
        let log = self.0.log.read();
        log.find(topic.as_str()).map_or(0, |topic| topic.state.followers())
    }

    /// Returns the number of subscriptions to a topic that ever began. Where it grows, someone asks, though each may be
    /// gone before [`Hub::subscribers`] sees it. It begins at zero again where the log forgot a topic that no one used.
    #[must_use]
    pub fn subscriptions_begun(&self, topic: &Topic) -> u64 {
        let log = self.0.log.read();
        log.find(topic.as_str()).map_or(0, |topic| topic.state.begun())
    }

    /// Drops entries past their age and topics no one uses. To be called now and then: publishing evicts only from
    /// the topic it publishes to. It may wait for the disk.
    pub fn sweep(&self) {
        self.0.log.write().sweep(Instant::now());
        self.0.broker.sweep();
    }

    /// Returns the settings that the hub was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The figures at this moment.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let is_open = |(_, notifier): &(usize, &Arc<Notifier>)| !notifier.is_resting();
        let subscriptions = self.0.subscriptions.lock().iter().filter(is_open).count();
        self.0.stats.snapshot(subscriptions, self.0.log.read().len())
    }

    /// Asks every subscription to end, now and in future. Clients are told to come back after `retry_ms`, spread over
    /// `spread_ms` more so that they do not all come at once.
    pub fn close(&self, reason: ByeReason, retry_ms: u64, spread_ms: u64) {
        let subscriptions = self.0.subscriptions.lock();
        {
            let _no_publication = self.0.log.write();
            self.0.closed.store(true, Ordering::Release);
        }
        self.0.broker.close();
        let shutdown_notice = self.0.shutdown_notice.get_or_init(|| ShutdownNotice {
            reason,
            retry_ms,
            spread_ms,
            sent: AtomicU64::new(0),
        });
        for (_, notifier) in &*subscriptions {
            notifier.disconnect(shutdown_notice.next());
        }
        if subscriptions.is_empty() {
            self.0.drained.notify_waiters();
        }
    }

    /// Asks every subscription that follows a topic now to end, and says how many those are. Whoever comes next stays.
    pub fn disconnect_topic(&self, topic: &Topic, disconnect: Disconnect) -> usize {
        let log = self.0.log.read();
        log.find(topic.as_str()).map_or(0, |topic| topic.state.disconnect(disconnect))
    }

    /// Returns the disconnect for a client that comes after the hub has closed.
    #[must_use]
    pub fn shutdown_disconnect(&self) -> Option<Disconnect> {
        self.0.shutdown_notice.get().map(ShutdownNotice::next)
    }

    /// Resolves when the hub is closed and its last subscription has gone.
    pub async fn drained(&self) {
        loop {
            let told = self.0.drained.notified();
            let mut told = std::pin::pin!(told);
            told.as_mut().enable();
            if self.0.closed.load(Ordering::Acquire) && self.0.subscriptions.lock().is_empty() {
                return;
            }
            told.await;
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.load(Ordering::Acquire)
    }

    pub(crate) fn policy(&self, topic: &Topic) -> Option<(usize, &TopicPolicy)> {
        self.0.settings.policy(topic)
    }

    pub(crate) fn stats(&self) -> &Counters {
        &self.0.stats
    }

    pub(crate) fn with_log<T>(&self, read: impl FnOnce(&Log) -> T) -> T {
        read(&self.0.log.read())
    }

    pub(crate) fn with_notifiers<T>(&self, read: impl FnOnce(&Slab<Arc<Notifier>>) -> T) -> T {
        read(&self.0.subscriptions.lock())
    }

    pub(crate) fn register(&self, owner: u64) -> Result<Arc<Notifier>, SubscribeError> {
        let mut subscriptions = self.0.subscriptions.lock();
        if self.0.closed.load(Ordering::Acquire) {
            return Err(SubscribeError::Closed);
        }
        let entry = subscriptions.vacant_entry();
        let notifier = Arc::new(Notifier::new(entry.key(), owner));
        entry.insert(Arc::clone(&notifier));
        Ok(notifier)
    }

    pub(crate) fn unregister(&self, key: usize) {
        let mut subscriptions = self.0.subscriptions.lock();
        subscriptions.remove(key);
        if subscriptions.is_empty() && self.0.closed.load(Ordering::Acquire) {
            self.0.drained.notify_waiters();
        }
    }

    /// Adds `notifier` to a topic's listeners and returns the position from which its subscription reads. Both happen
    /// under the log's lock, so an entry is either before that position or notifies.
    pub(crate) fn subscribe_topic(
        &self,
        name: &Topic,
        since: Option<Cursor>,
        snapshot: bool,
        is_ahead: bool,
        notifier: &Arc<Notifier>,
    ) -> Result<StartPosition, SubscribeError> {
        let listen = |log: &Log, topic: &TopicLog| {
            let (position, gap) = start_position(log, topic, since, snapshot, is_ahead);
            let listener = topic.state.listen(Arc::clone(notifier));
            let passed = topic.count_up_to(position);
            StartPosition {
                topic: Arc::clone(&topic.state),
                listener,
                life: log.life(),
                position,
                passed,
                gap,
            }
        };
        {
            let log = self.0.log.read();
            if let Some(topic) = log.find(name.as_str()) {
                return Ok(listen(&log, topic));
            }
        }
        let policy = self.policy(name).ok_or_else(|| SubscribeError::UnknownTopic(name.clone()))?;
        let mut log = self.0.log.write();
        let topics = self.0.settings.topics;
        if log.find(name.as_str()).is_none() && !log.has_room(policy, topics, Instant::now()) {
            return Err(SubscribeError::LogFull(policy.1.retention.quota.most(topics)));
        }
        let slot = log.declare(name, policy);
        Ok(listen(&log, log.topic(slot)))
    }
}
