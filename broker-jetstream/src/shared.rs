//! The state that the parts of one broker share.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use broker::{Clock, Subscriber, TopicPolicy};
use common::{Cursor, Seq, Topic};
use parking_lot::Mutex;
use tokio::{
    runtime::Handle,
    sync::{Notify, OnceCell, Semaphore, watch},
};

use crate::{
    connection::Connection, index::LogIndex, latest::LatestOutbox, life::LifeNotes, message::Stamp,
    presence::PresenceTable, server_clock::ServerClock, settings::JetStreamSettings, stream_ends::StreamEnds,
    subjects::Names,
};

/// The state of a broker, which its tasks and its callers hold.
pub(crate) struct Shared {
    pub(crate) settings: JetStreamSettings,
    pub(crate) policies: Arc<[TopicPolicy]>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) server_clock: ServerClock,
    pub(crate) connection: Connection,
    pub(crate) names: Names,
    /// The name of this node: it is in each of its messages.
    pub(crate) node: String,
    pub(crate) runtime: Handle,
    pub(crate) subscriber: OnceCell<Arc<dyn Subscriber>>,
    /// The place up to which the subscriber was told.
    pub(crate) told: watch::Sender<Told>,
    pub(crate) index: Mutex<LogIndex>,
    pub(crate) outbox: LatestOutbox,
    /// The members of this node and of others.
    pub(crate) presence: Arc<PresenceTable>,
    /// Has the reader look at the streams again.
    pub(crate) look_again: Notify,
    /// Has topics held against their bounds.
    pub(crate) sweep_now: Notify,
    /// Why publishing or reading does not work now.
    pub(crate) trouble: Mutex<Option<String>>,
    /// Lines about what is weaker than it could be.
    pub(crate) details: Mutex<String>,
    pub(crate) stream_ends: StreamEnds,
    /// KiB of publications that may be on their way.
    pub(crate) room: Arc<Semaphore>,
    pub(crate) closed: watch::Sender<bool>,
    /// The newest entry that was handed out to a publisher.
    pub(crate) handed_out: AtomicU64,
    pub(crate) latest_generation: AtomicU64,
    pub(crate) skipped: AtomicU64,
    publications: AtomicU64,
}

/// The place up to which the subscriber was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) cursor: Cursor,
    /// Everything that the streams held at the start was told.
    pub(crate) ready: bool,
}

/// KiB of publications on their way.
pub(crate) const ROOM_KIB: usize = 64 << 10;

impl Shared {
    pub(crate) fn new(
        settings: JetStreamSettings,
        policies: Arc<[TopicPolicy]>,
        clock: Arc<dyn Clock>,
        connection: Connection,
        start: Cursor,
    ) -> Self {
        Self {
            names: Names::new(&settings.prefix),
            settings,
            policies,
            clock,
            server_clock: ServerClock::default(),
            connection,
            node: new_node_name(),
            runtime: Handle::current(),
            subscriber: OnceCell::new(),
            told: watch::channel(Told { cursor: start, ready: false }).0,
            index: Mutex::default(),
            outbox: LatestOutbox::default(),
            presence: Arc::default(),
            look_again: Notify::new(),
            sweep_now: Notify::new(),
            trouble: Mutex::new(None),
            details: Mutex::new(String::new()),
            stream_ends: StreamEnds::default(),
            room: Arc::new(Semaphore::new(ROOM_KIB)),
            closed: watch::channel(false).0,
            handed_out: AtomicU64::new(0),
            latest_generation: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            publications: AtomicU64::new(0),
        }
    }

    pub(crate) fn head(&self) -> Cursor {
        self.told.borrow().cursor
    }

    pub(crate) fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    /// Resolves when the broker is closed.
    pub(crate) async fn closing(&self) {
        // The sender is here, so it cannot be gone.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }

    pub(crate) fn notes(&self) -> LifeNotes<'_> {
        LifeNotes {
            client: &self.connection.client,
            context: &self.connection.context,
            names: &self.names,
            clock: self.clock.as_ref(),
        }
    }

    /// Names one call to publish.
    pub(crate) fn new_origin(&self) -> String {
        self.origin(self.publications.fetch_add(1, Relaxed))
    }

    /// Names the value with this number.
    pub(crate) fn origin(&self, number: u64) -> String {
        format!("{}-{number}", self.node)
    }

    /// Returns the number of one of this node's messages; none for another node's.
    pub(crate) fn own_number(&self, origin: &str) -> Option<u64> {
        origin.strip_prefix(self.node.as_str())?.strip_prefix('-')?.parse().ok()
    }

    /// The stamp of a message of this node.
    pub(crate) fn stamp<'a>(&self, topic: &Topic, origin: &'a str) -> Stamp<'a> {
        let index = self.index.lock();
        Stamp { origin, previous: index.newest(topic), known: index.read_through() }
    }

    /// Returns the age of an entry that a server stamped.
    pub(crate) fn age(&self, unix_millis: u64) -> Duration {
        self.server_clock.age(self.clock.as_ref(), unix_millis)
    }

    pub(crate) fn note_handed_out(&self, seq: Seq) {
        self.handed_out.fetch_max(seq.0, Relaxed);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("node", &self.node).field("names", &self.names).finish_non_exhaustive()
    }
}

/// Makes a name that no other node has: 64 random bits, in hex.
fn new_node_name() -> String {
    let random = getrandom::u64().expect("the operating system has random numbers");
    format!("{random:016x}")
}
