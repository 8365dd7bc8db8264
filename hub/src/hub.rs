//! The hub: the one door to the log.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use common::{
    Cursor, Epoch, Seq, Topic,
    frame::{ByeReason, GapReason},
};
use parking_lot::{Mutex, RwLock};
use slab::Slab;
use tokio::{runtime::Handle, sync::Notify, time::Instant};

use crate::{
    bell::{Bell, Bye},
    error::{AttachError, PublishError},
    inline::InlineWrites,
    journal::{Journal, JournalError, JournalSettings, Shared},
    late::Late,
    log::{Log, TopicLog},
    rule::{Kind, Rule},
    session::{Attach, Session},
    stats::{Figures, Stats},
    topic::TopicState,
};

/// What a hub is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This life of the log: later lives have greater epochs. With a journal, the epoch of a new life, should one begin;
    /// [`Hub::settings`] has the one that holds.
    pub epoch: Epoch,
    /// What topics there may be; the first that matches holds.
    pub rules: Vec<Rule>,
    /// The longest payload, bytes.
    pub publication_bytes: usize,
    /// How many topics one session may follow; 0 for no limit.
    pub topics_per_session: usize,
    /// How many topics the log may hold.
    pub topics: usize,
    /// How many bytes of payload the log may hold in all, whatever each topic may keep.
    pub bytes: usize,
}

impl Settings {
    /// The first rule that matches a topic, and which it is.
    pub(crate) fn rule(&self, topic: &Topic) -> Option<(usize, &Rule)> {
        self.rules.iter().enumerate().find(|(_, rule)| rule.pattern.matches(topic))
    }
}

/// The one door to the log; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) log: RwLock<Log>,
    /// Where `Kind::Log` topics are kept, too. Its lock is held over writes to the disk, so it is never taken under the log's.
    pub(crate) journal: Option<Mutex<Journal>>,
    /// What waits for the disk, apart from both locks.
    shared: Option<Arc<Shared>>,
    /// One task at a time has a thread that waits for the disk.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    /// Set where tasks may write to the journal themselves.
    pub(crate) inline: OnceLock<InlineWrites>,
    /// Who is to be woken a little later.
    pub(crate) late: Late,
    /// Every open session's bell, to say bye.
    sessions: Mutex<Slab<Arc<Bell>>>,
    pub(crate) closed: AtomicBool,
    /// What was said when it closed, for those who come later.
    farewell: OnceLock<Farewell>,
    /// Told when the last session of a closed hub has gone.
    drained: Notify,
    stats: Stats,
}

/// How everyone is told to come back.
#[derive(Debug)]
struct Farewell {
    reason: ByeReason,
    retry_ms: u64,
    spread_ms: u64,
    said: AtomicU64,
}

impl Farewell {
    /// Multiples of the golden ratio fall evenly over the spread, however many there are.
    fn next(&self) -> Bye {
        let share = self.said.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        Bye { reason: self.reason, retry_ms: self.retry_ms + ((share * self.spread_ms) >> 32) }
    }
}

/// Where a session begins in a topic.
pub(crate) struct Start {
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

    /// The log that a folder holds, or an empty one that it will hold: entries of `Kind::Log` topics outlive the
    /// process, however it ends, and its cursors stay valid.
    ///
    /// # Errors
    /// When another hub has the folder open, or it cannot be read and written. Damage is no error: what is left is
    /// kept, a new life begins, and the program's log tells.
    pub fn open(mut settings: Settings, journal: &JournalSettings) -> Result<Self, JournalError> {
        let (log, journal) = Log::open(&settings, journal)?;
        settings.epoch = log.head().epoch;
        let hub = Self::with(settings, log, Some(journal));
        if let Err(error) = hub.keep_the_ring_short() {
            tracing::warn!(%error, "the stored log is longer than it should be, and cannot be made shorter now");
        }
        Ok(hub)
    }

    fn with(settings: Settings, log: Log, journal: Option<Journal>) -> Self {
        Self(Arc::new(Inner {
            settings,
            log: RwLock::new(log),
            shared: journal.as_ref().map(|journal| Arc::clone(journal.shared())),
            journal: journal.map(Mutex::new),
            turn: Arc::default(),
            inline: OnceLock::new(),
            late: Late::default(),
            sessions: Mutex::default(),
            closed: AtomicBool::new(false),
            farewell: OnceLock::new(),
            drained: Notify::new(),
            stats: Stats::default(),
        }))
    }

    /// While this runs, a topic wakes its readers at most once in `apart`: entries that come sooner are read together, and the
    /// last of them no later than that after it came. Without it every publication wakes them.
    pub async fn gather(&self, apart: Duration) {
        self.0.late.ring(apart).await;
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
    pub async fn stored(&self) -> Result<(), PublishError> {
        match &self.0.shared {
            Some(shared) => shared.stored().await.map_err(PublishError::NotStored),
            None => Ok(()),
        }
    }

    /// How long the disk has not answered, while it is asked to store something.
    #[must_use]
    pub fn disk_silent_for(&self) -> Option<Duration> {
        self.0.shared.as_ref().and_then(|shared| shared.silent_for())
    }

    /// Stops waiting for the disk: dropping the hub will not wait for its last sync. For a process that has to end, although
    /// [`Hub::stored`] did not come back.
    pub fn abandon_disk(&self) {
        if let Some(shared) = &self.0.shared {
            shared.abandon();
        }
    }

    /// Whether and how the disk has failed: from then on nothing is stored, until the journal is opened again.
    #[must_use]
    pub fn failed(&self) -> Option<io::ErrorKind> {
        self.0.shared.as_ref().and_then(|shared| shared.failed())
    }

    /// Opens a session.
    ///
    /// # Errors
    /// When a topic is unknown, there are too many, or the hub is closing.
    pub fn attach(&self, attach: &Attach) -> Result<Session, AttachError> {
        Session::open(self.clone(), 0, attach)
    }

    /// The same for an owner who is known by this number, by which [`Hub::standings`] and [`Hub::dismiss`] know the session again.
    ///
    /// # Errors
    /// As for [`Hub::attach`].
    pub fn attach_as(&self, owner: u64, attach: &Attach) -> Result<Session, AttachError> {
        Session::open(self.clone(), owner, attach)
    }

    /// The place of the newest entry.
    #[must_use]
    pub fn head(&self) -> Cursor {
        self.0.log.read().head()
    }

    /// How many sessions follow a topic.
    #[must_use]
    pub fn subscribers(&self, topic: &Topic) -> usize {
        let log = self.0.log.read();
        log.find(topic.as_str()).map_or(0, |topic| topic.state.listeners())
    }

    /// Drops entries past their age and topics no one uses. To be called now and then: publishing evicts only from
    /// the topic it publishes to. It may wait for the disk.
    pub fn sweep(&self) {
        self.0.log.write().sweep(Instant::now());
        if let Err(error) = self.sweep_journal() {
            tracing::warn!(%error, "a used-up part of the log stays on the disk for now");
        }
    }

    /// What the hub was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The figures at this moment.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let sessions = self.0.sessions.lock().len();
        self.0.stats.figures(sessions, self.0.log.read().len())
    }

    /// Asks every session to end, now and in future. Clients are told to come back after `retry_ms`, spread over
    /// `spread_ms` more so that they do not all come at once.
    pub fn close(&self, reason: ByeReason, retry_ms: u64, spread_ms: u64) {
        let sessions = self.0.sessions.lock();
        {
            let _no_publication = self.0.log.write();
            self.0.closed.store(true, Ordering::Release);
        }
        if let Some(shared) = &self.0.shared {
            shared.end();
        }
        let farewell =
            self.0.farewell.get_or_init(|| Farewell { reason, retry_ms, spread_ms, said: AtomicU64::new(0) });
        for (_, bell) in &*sessions {
            bell.say_bye(farewell.next());
        }
        if sessions.is_empty() {
            self.0.drained.notify_waiters();
        }
    }

    /// Asks every session that follows a topic now to end, and says how many those are. Whoever comes next stays.
    pub fn send_away(&self, topic: &Topic, bye: Bye) -> usize {
        let log = self.0.log.read();
        log.find(topic.as_str()).map_or(0, |topic| topic.state.say_bye(bye))
    }

    /// What someone who comes after the hub has closed is to be told.
    #[must_use]
    pub fn bye(&self) -> Option<Bye> {
        self.0.farewell.get().map(Farewell::next)
    }

    /// Resolves when the hub is closed and its last session has gone.
    pub async fn drained(&self) {
        loop {
            let told = self.0.drained.notified();
            let mut told = std::pin::pin!(told);
            told.as_mut().enable();
            if self.0.closed.load(Ordering::Acquire) && self.0.sessions.lock().is_empty() {
                return;
            }
            told.await;
        }
    }

    pub(crate) fn rule(&self, topic: &Topic) -> Option<(usize, &Rule)> {
        self.0.settings.rule(topic)
    }

    pub(crate) fn stats(&self) -> &Stats {
        &self.0.stats
    }

    pub(crate) fn with_log<T>(&self, read: impl FnOnce(&Log) -> T) -> T {
        read(&self.0.log.read())
    }

    pub(crate) fn with_bells<T>(&self, read: impl FnOnce(&Slab<Arc<Bell>>) -> T) -> T {
        read(&self.0.sessions.lock())
    }

    pub(crate) fn enter(&self, owner: u64) -> Result<Arc<Bell>, AttachError> {
        let mut sessions = self.0.sessions.lock();
        if self.0.closed.load(Ordering::Acquire) {
            return Err(AttachError::Closed);
        }
        let place = sessions.vacant_entry();
        let bell = Arc::new(Bell::new(place.key(), owner));
        place.insert(Arc::clone(&bell));
        Ok(bell)
    }

    pub(crate) fn exit(&self, key: usize) {
        let mut sessions = self.0.sessions.lock();
        sessions.remove(key);
        if sessions.is_empty() && self.0.closed.load(Ordering::Acquire) {
            self.0.drained.notify_waiters();
        }
    }

    /// Lists `bell` among a topic's listeners and says from which place its session reads. Both happen under the
    /// log's lock: an entry is either before that place or rings the bell.
    pub(crate) fn join(
        &self,
        name: &Topic,
        since: Option<Cursor>,
        snapshot: bool,
        bell: &Arc<Bell>,
    ) -> Result<Start, AttachError> {
        let listen = |log: &Log, topic: &TopicLog| {
            let (position, gap) = place(log.head(), topic, since, snapshot);
            let listener = topic.state.listen(Arc::clone(bell));
            let passed = topic.ever_up_to(position);
            Start { topic: Arc::clone(&topic.state), listener, position, passed, gap }
        };
        {
            let log = self.0.log.read();
            if let Some(topic) = log.find(name.as_str()) {
                return Ok(listen(&log, topic));
            }
        }
        let rule = self.rule(name).ok_or_else(|| AttachError::UnknownTopic(name.clone()))?;
        let mut log = self.0.log.write();
        let topics = self.0.settings.topics;
        if log.find(name.as_str()).is_none() && !log.has_room(rule, topics, Instant::now()) {
            return Err(AttachError::LogFull(rule.1.retention.share.most(topics)));
        }
        let slot = log.declare(name, rule);
        Ok(listen(&log, log.topic(slot)))
    }
}

/// Where in a topic a session begins, and the gap that it must be told of.
fn place(head: Cursor, topic: &TopicLog, since: Option<Cursor>, snapshot: bool) -> (Seq, Option<GapReason>) {
    let kept = topic.evicted_through();
    let newest_only = topic.newest().previous();
    let all_there_is = match topic.state.kind {
        Kind::Latest => newest_only,
        Kind::Log => kept,
    };
    match since {
        _ if snapshot => (all_there_is.max(topic.before_newest(topic.snapshot())), None),
        None if topic.state.kind == Kind::Latest => (newest_only, None),
        None => (head.seq, None),
        Some(cursor) if cursor.epoch < head.epoch => (all_there_is, Some(GapReason::Restarted)),
        Some(cursor) if cursor.epoch > head.epoch || cursor.seq > head.seq => {
            (all_there_is, Some(GapReason::Foreign))
        }
        Some(cursor) if cursor.seq < kept && topic.state.kind == Kind::Log => {
            (kept, Some(GapReason::Evicted))
        }
        Some(cursor) if cursor.seq < kept => (newest_only, None),
        Some(cursor) => (cursor.seq, None),
    }
}
