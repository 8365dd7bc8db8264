//! The hub: the one door to the log.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use broker::{Clock, PublishError, TopicPolicy};
use common::{
    Cursor, Seq, Topic,
    frame::{ByeReason, GapReason},
};
use parking_lot::{Mutex, RwLock};
use slab::Slab;
use tokio::{runtime::Handle, sync::Notify, time::Instant};

use crate::{
    error::SubscribeError,
    journal::{Journal, JournalError, JournalSettings, SyncState, inline::InlineWrites},
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
    /// The journal stores the entries of `TopicKind::Log` topics. Its lock is held during writes to the disk, so
    /// nobody takes it while holding the log's lock.
    pub(crate) journal: Option<Mutex<Journal>>,
    /// Tracks what still has to reach the disk. It stands apart from both locks.
    sync_state: Option<Arc<SyncState>>,
    /// One task at a time has a thread that waits for the disk.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    /// Set where tasks may write to the journal themselves.
    pub(crate) inline: OnceLock<InlineWrites>,
    /// Delays wakes of topics that publish in quick succession.
    pub(crate) wake_coalescer: WakeCoalescer,
    /// The notifiers of all open subscriptions, for closing.
    subscriptions: Mutex<Slab<Arc<Notifier>>>,
    pub(crate) closed: AtomicBool,
    /// The notice that closing gave, kept for clients that come later.
    shutdown_notice: OnceLock<ShutdownNotice>,
    /// Notifies waiters when the last subscription of a closed hub has gone.
    drained: Notify,
    stats: Counters,
}

/// The notice that every client gets when the hub closes.
#[derive(Debug)]
struct ShutdownNotice {
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
    pub(crate) position: Seq,
    pub(crate) passed: u64,
    pub(crate) gap: Option<GapReason>,
}

impl Hub {
    /// An empty log, in memory only.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let log = Log::new(settings.epoch);
        Self::with(settings, log, None)
    }

    /// The log that a folder holds, or an empty one that it will hold: entries of `TopicKind::Log` topics outlive the
    /// process, however it ends, and its cursors stay valid.
    ///
    /// # Errors
    /// When another hub has the folder open, or it cannot be read and written. Damage is no error: what is left is
    /// kept, a new life begins, and the program's log tells.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use common::Epoch;
    /// use hub::{Hub, JournalSettings, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
    ///
    /// let policy = TopicPolicy {
    ///     pattern: "chat/*".parse()?,
    ///     kind: TopicKind::Log,
    ///     retention: Retention::entries(100),
    /// };
    /// let settings = Settings {
    ///     clock: std::sync::Arc::new(SystemClock),
    ///     epoch: Epoch(1),
    ///     policies: vec![policy],
    ///     publication_bytes: 1 << 20,
    ///     topics_per_subscription: 0,
    ///     topics: 100,
    ///     bytes: 1 << 24,
    /// };
    /// let hub = Hub::open(settings, &JournalSettings::new("/var/lib/pulseboard/log", 64 << 20))?;
    /// hub.publish(&"chat/lobby".parse()?, "{}".into())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(mut settings: Settings, journal: &JournalSettings) -> Result<Self, JournalError> {
        let (log, journal) = Log::open(&settings, journal)?;
        settings.epoch = log.head().epoch;
        let hub = Self::with(settings, log, Some(journal));
        if let Err(error) = hub.enforce_segment_limit() {
            tracing::warn!(%error, "the stored log is longer than it should be, and cannot be made shorter now");
        }
        Ok(hub)
    }

    fn with(settings: Settings, log: Log, journal: Option<Journal>) -> Self {
        Self(Arc::new(Inner {
            settings,
            log: RwLock::new(log),
            sync_state: journal.as_ref().map(|journal| Arc::clone(journal.sync_state())),
            journal: journal.map(Mutex::new),
            turn: Arc::default(),
            inline: OnceLock::new(),
            wake_coalescer: WakeCoalescer::default(),
            subscriptions: Mutex::default(),
            closed: AtomicBool::new(false),
            shutdown_notice: OnceLock::new(),
            drained: Notify::new(),
            stats: Counters::default(),
        }))
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

    /// Lets tasks of this runtime write to the journal themselves while the disk answers at once, which costs a publication
    /// much less than a thread does. Nothing changes where the runtime has fewer than two workers, or without a journal.
    ///
    /// # Errors
    /// When the system has no thread left for the watchdog; writes then go to a thread as before.
    pub fn allow_inline_writes(&self, runtime: &Handle) -> io::Result<()> {
        if self.0.journal.is_some()
            && let Some(inline) = InlineWrites::start(runtime)?
        {
            // The first runtime stays.
            let _ = self.0.inline.set(inline);
        }
        Ok(())
    }

    /// Resolves when everything published up to now is on the disk itself and would outlive a power cut; at once
    /// without a journal. Those who wait at the same time wait for one write. Without anyone waiting it takes a second.
    ///
    /// # Errors
    /// When the disk failed; nothing is stored from then on, until the journal is opened again.
    pub async fn flush(&self) -> Result<(), PublishError> {
        match &self.0.sync_state {
            Some(sync_state) => sync_state.flush().await.map_err(PublishError::NotStored),
            None => Ok(()),
        }
    }

    /// Returns for how long the disk has not answered a request of the journal.
    #[must_use]
    pub fn disk_stalled_for(&self) -> Option<Duration> {
        self.0.sync_state.as_ref().and_then(|sync_state| sync_state.stalled_for())
    }

    /// Stops waiting for the disk: dropping the hub will not wait for its last sync. For a process that has to end, although
    /// [`Hub::flush`] did not come back.
    pub fn abandon_disk(&self) {
        if let Some(sync_state) = &self.0.sync_state {
            sync_state.abandon();
        }
    }

    /// Returns the error with which the disk failed. After a failure nothing is stored until the journal is opened
    /// again.
    #[must_use]
    pub fn disk_error(&self) -> Option<io::ErrorKind> {
        self.0.sync_state.as_ref().and_then(|sync_state| sync_state.failed())
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

    /// Drops entries past their age and topics no one uses. To be called now and then: publishing evicts only from
    /// the topic it publishes to. It may wait for the disk.
    pub fn sweep(&self) {
        self.0.log.write().sweep(Instant::now());
        if let Err(error) = self.sweep_journal() {
            tracing::warn!(%error, "a used-up part of the log stays on the disk for now");
        }
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
        if let Some(sync_state) = &self.0.sync_state {
            sync_state.end();
        }
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
        notifier: &Arc<Notifier>,
    ) -> Result<StartPosition, SubscribeError> {
        let listen = |log: &Log, topic: &TopicLog| {
            let (position, gap) = start_position(log.head(), topic, since, snapshot);
            let listener = topic.state.listen(Arc::clone(notifier));
            let passed = topic.count_up_to(position);
            StartPosition { topic: Arc::clone(&topic.state), listener, position, passed, gap }
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
