//! Statistics of one connection.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
};

use access::Principal;
use common::{
    Cursor, Topic,
    connection::{Frame, FrameDirection},
};
use fanout::{Clock, Subscription};
use parking_lot::Mutex;
use tokio::sync::broadcast::Sender;

use crate::{
    catalog::Entry,
    inbound::{MessageCarrier, MessageSource},
};

/// Statistics of one connection. Its task is the only writer, so adding is a load and a store; anyone may read.
#[derive(Debug)]
pub struct ConnectionStats {
    id: u64,
    transport: &'static Entry,
    address: IpAddr,
    port: u16,
    principal: Arc<Principal>,
    since_ms: u64,
    /// The counts of entries delivered, entries dropped and bytes written.
    delivered: AtomicU64,
    dropped: AtomicU64,
    written: AtomicU64,
    /// The bytes that wait for the socket, and those that wait for a stream of HTTP/2.
    waiting: AtomicU32,
    piped: AtomicU32,
    /// The round trip of the protocol's own ping, microseconds; 0 where there was none.
    ping_us: AtomicU32,
    /// True while the connection is to be ended at its next chance.
    disconnect_pending: AtomicBool,
    followed: AtomicBool,
    pub(super) cold_state: Mutex<ColdState>,
}

/// The state that few connections have.
#[derive(Debug, Default)]
pub(super) struct ColdState {
    /// The sender of its frames while someone follows it.
    pub(super) frame_tap: Option<FrameSender>,
    /// The last poll of a client that polls.
    asked: Option<Box<LastPoll>>,
}

/// The sender of a connection's frames, and the clock that dates them.
#[derive(Debug)]
pub(super) struct FrameSender {
    pub(super) frames: Sender<Arc<Frame>>,
    pub(super) clock: Arc<dyn Clock>,
}

/// The state of a client between two polls.
#[derive(Debug, Clone, Default)]
pub(super) struct LastPoll {
    pub(super) topics: Vec<Topic>,
    /// The position up to which everything was delivered.
    pub(super) delivered_to: Option<Cursor>,
}

impl ConnectionStats {
    /// `since_ms` is the moment at which it begins, milliseconds since 1970.
    pub(crate) fn new(
        id: u64,
        transport: &'static Entry,
        peer: SocketAddr,
        principal: Arc<Principal>,
        since_ms: u64,
    ) -> Self {
        Self {
            id,
            transport,
            address: peer.ip(),
            port: peer.port(),
            principal,
            since_ms,
            delivered: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            written: AtomicU64::new(0),
            waiting: AtomicU32::new(0),
            piped: AtomicU32::new(0),
            ping_us: AtomicU32::new(0),
            disconnect_pending: AtomicBool::new(false),
            followed: AtomicBool::new(false),
            cold_state: Mutex::default(),
        }
    }

    /// The connection's number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Returns the transport.
    #[must_use]
    pub fn transport(&self) -> &'static Entry {
        self.transport
    }

    /// Returns the client's address.
    #[must_use]
    pub fn peer(&self) -> SocketAddr {
        SocketAddr::new(self.address, self.port)
    }

    /// Returns on whose behalf it was opened.
    #[must_use]
    pub fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// Returns the source of a message that came on this connection.
    #[must_use]
    pub fn source(self: &Arc<Self>) -> MessageSource {
        // Nobody but the connection keeps its meter for long.
        let open: Weak<Self> = Arc::downgrade(self);
        MessageSource {
            address: self.address,
            principal: Arc::clone(&self.principal),
            carrier: MessageCarrier::Connection { id: self.id, open },
        }
    }

    /// Entries were taken from the log.
    pub(crate) fn record_delivered(&self, delivered: u64, subscription: &mut Subscription) {
        add(&self.delivered, delivered);
        let dropped = subscription.take_dropped();
        if dropped > 0 {
            add(&self.dropped, dropped);
        }
    }

    /// Records that bytes were written; `left` says how many still wait.
    pub(crate) fn record_written(&self, bytes: usize, left: impl FnOnce() -> usize) {
        add(&self.written, bytes as u64);
        if self.waiting.load(Relaxed) != 0 {
            self.record_waiting(left());
        }
    }

    /// Records the bytes that wait for the socket.
    pub(crate) fn record_waiting(&self, bytes: usize) {
        self.waiting.store(small(bytes), Relaxed);
    }

    /// Records the bytes that wait for a stream of HTTP/2.
    pub(crate) fn record_piped(&self, bytes: usize) {
        self.piped.store(small(bytes), Relaxed);
    }

    /// A ping of the protocol's was answered after so many microseconds.
    pub(crate) fn record_ping(&self, micros: u128) {
        self.ping_us.store(u32::try_from(micros).unwrap_or(u32::MAX).max(1), Relaxed);
    }

    /// Marks the connection for disconnection at its next poll: it has no subscription now that could end it.
    pub(crate) fn disconnect_next(&self) {
        self.disconnect_pending.store(true, Relaxed);
    }

    /// Returns true while the connection is to be ended at its next poll.
    pub(crate) fn is_disconnect_pending(&self) -> bool {
        self.disconnect_pending.load(Relaxed)
    }

    /// Returns true once after the connection was marked for disconnection.
    pub(crate) fn take_disconnect(&self) -> bool {
        self.disconnect_pending.load(Relaxed) && self.disconnect_pending.swap(false, Relaxed)
    }

    /// A frame goes to the client, as so many bytes.
    #[inline]
    pub(crate) fn down(&self, bytes: usize, text: impl FnOnce() -> String) {
        if self.is_followed() {
            self.trace(FrameDirection::Down, Some(bytes), text());
        }
    }

    /// A frame has come from the client.
    #[inline]
    pub(crate) fn up(&self, text: impl FnOnce() -> String) {
        if self.is_followed() {
            self.trace(FrameDirection::Up, None, text());
        }
    }

    /// Reports that someone follows its frames.
    #[inline]
    pub(crate) fn is_followed(&self) -> bool {
        self.followed.load(Relaxed)
    }

    /// Records that a poll asks for these topics.
    pub(crate) fn record_poll(&self, topics: Vec<Topic>) {
        self.cold_state.lock().asked.get_or_insert_default().topics = topics;
    }

    /// Records that a poll was answered up to this position.
    pub(crate) fn record_answered(&self, delivered_to: Cursor) {
        self.cold_state.lock().asked.get_or_insert_default().delivered_to = Some(delivered_to);
    }

    pub(super) fn last_poll(&self) -> Option<LastPoll> {
        self.cold_state.lock().asked.as_deref().cloned()
    }

    pub(super) fn follow(&self, followed: bool) {
        self.followed.store(followed, Relaxed);
    }

    pub(super) fn since_ms(&self) -> u64 {
        self.since_ms
    }

    pub(super) fn delivered(&self) -> u64 {
        self.delivered.load(Relaxed)
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Relaxed)
    }

    pub(super) fn mailbox(&self) -> u64 {
        u64::from(self.waiting.load(Relaxed)) + u64::from(self.piped.load(Relaxed))
    }

    pub(super) fn ping_us(&self) -> Option<u32> {
        Some(self.ping_us.load(Relaxed)).filter(|&micros| micros > 0)
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.store(count.load(Relaxed) + more, Relaxed);
}

fn small(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
