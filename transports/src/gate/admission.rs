//! Limits of live connections, in all and by address, and their count by transport.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use access::Principal;
use common::MessageId;
use fanout::Clock;
use parking_lot::Mutex;
use slab::Slab;
use tokio::{sync::Semaphore, time::Instant};

use super::{ClientKey, RateLimiter, concurrency::Concurrency};
use crate::{
    catalog::{CATALOG, Entry},
    connections::ConnectionStats,
};

/// The limits of one connection and one address; 0 means no limit. docs/protocol.md says how each is answered.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Live connections in all.
    pub connections: usize,
    /// Live connections from one address, or one /64 of IPv6.
    pub connections_per_address: usize,
    /// The longest message from a client, bytes.
    pub message_bytes: usize,
    /// Messages a second from one client; bursts of twice as many pass.
    pub messages_per_second: u32,
    /// The time without a successful write after which a reader is given up.
    pub stall: Duration,
}

/// Live connections, counted.
#[derive(Debug, Clone)]
pub struct Admission(Arc<AdmissionInner>);

#[derive(Debug)]
struct AdmissionInner {
    limits: Limits,
    clock: Arc<dyn Clock>,
    counts: Mutex<Counts>,
    /// The rate of messages that each address posts.
    senders: RateLimiter,
    /// The number of connections so far.
    numbers: AtomicU64,
    /// The permits of followers.
    followers: Arc<Semaphore>,
}

/// The followers of connections at once.
pub(crate) const FOLLOWERS: usize = 8;

#[derive(Debug, Default)]
struct Counts {
    open: Slab<OpenConnection>,
    by_address: Concurrency,
    by_transport: HashMap<&'static str, usize>,
    /// The open connections whose clients have a name, by it and by transport.
    named: HashMap<(MessageId, &'static str), usize>,
    /// The number of open connections that have given up their permit.
    leaving: usize,
    refused: u64,
}

/// A connection that is open.
#[derive(Debug)]
struct OpenConnection {
    stats: Arc<ConnectionStats>,
    /// True once it has given up its permit; it ends at its next chance.
    leaving: bool,
}

/// The right to one live connection; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    admission: Admission,
    stats: Arc<ConnectionStats>,
    /// The key among the open connections.
    key: usize,
    /// The name that its client gave itself.
    name: Option<Box<MessageId>>,
}

/// Connections at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// The counts of the catalog's transports.
    pub by_transport: Vec<(&'static str, usize)>,
    /// Refused since the start because a limit was reached.
    pub refused: u64,
}

impl Admission {
    /// Makes an admission without connections. `clock` says since when each is open.
    #[must_use]
    pub fn new(limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let senders = RateLimiter::new(limits.messages_per_second);
        Self(Arc::new(AdmissionInner {
            limits,
            clock,
            senders,
            counts: Mutex::default(),
            numbers: AtomicU64::new(0),
            followers: Arc::new(Semaphore::new(FOLLOWERS)),
        }))
    }

    /// Gives the next connection the number behind this one: for a node among others, whose numbers are to be its own.
    pub fn number_from(&self, first: u64) {
        self.0.numbers.store(first, Ordering::Relaxed);
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Makes the statistics of a connection from this address, on behalf of this principal.
    #[must_use]
    pub fn stats(
        &self,
        peer: SocketAddr,
        principal: Arc<Principal>,
        transport: &'static Entry,
    ) -> Arc<ConnectionStats> {
        // Nothing is numbered 0.
        let id = self.0.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        Arc::new(ConnectionStats::new(id, transport, peer, principal, self.0.clock.unix_millis()))
    }

    /// A place for one more connection, if there is one.
    #[must_use]
    pub fn admit(&self, stats: &Arc<ConnectionStats>) -> Option<Permit> {
        let limits = &self.0.limits;
        let full = |limit: usize, count: usize| limit > 0 && count >= limit;
        let address = ClientKey::from(stats.peer().ip());
        let mut counts = self.0.counts.lock();
        let here = counts.by_address.of(address);
        if full(limits.connections, counts.open.len() - counts.leaving)
            || full(limits.connections_per_address, here)
        {
            counts.refused += 1;
            return None;
        }
        counts.by_address.admit(address, Instant::now());
        *counts.by_transport.entry(stats.transport().id).or_default() += 1;
        let key = counts.open.insert(OpenConnection { stats: Arc::clone(stats), leaving: false });
        Some(Permit { admission: self.clone(), stats: Arc::clone(stats), key, name: None })
    }

    /// Gives up the place of the connection that a client of this name, and of the same principal, has on the same transport, and
    /// returns its number: it is to be ended.
    pub(crate) fn give_up(&self, client: &MessageId, stats: &ConnectionStats) -> Option<u64> {
        let mut counts = self.0.counts.lock();
        let name = (client.clone(), stats.transport().id);
        let key = counts.named_of(&name, stats.principal())?;
        counts.named.remove(&name);
        counts.leave(key)
    }

    /// Returns the statistics of all open connections.
    pub(crate) fn open(&self) -> Vec<Arc<ConnectionStats>> {
        self.0.counts.lock().open.iter().map(|(_, open)| Arc::clone(&open.stats)).collect()
    }

    /// The one of this number.
    pub(crate) fn find(&self, id: u64) -> Option<Arc<ConnectionStats>> {
        let counts = self.0.counts.lock();
        let mut all = counts.open.iter().map(|(_, open)| &open.stats);
        all.find(|stats| stats.id() == id).cloned()
    }

    /// The places for those who follow a connection.
    pub(crate) fn followers(&self) -> &Arc<Semaphore> {
        &self.0.followers
    }

    /// Reports that this address may post one more message. Messages on a connection that stays are counted there.
    #[must_use]
    pub fn may_send(&self, address: IpAddr) -> bool {
        self.0.senders.try_take(address)
    }

    /// Counts the live connections that this address has, or had at once until a moment ago.
    #[must_use]
    pub fn live_lately(&self, address: IpAddr) -> usize {
        self.0.counts.lock().by_address.lately(address.into(), Instant::now())
    }

    /// Returns the present counts.
    #[must_use]
    pub fn connections(&self) -> ConnectionCounts {
        let counts = self.0.counts.lock();
        let count = |entry: &&Entry| (entry.id, counts.by_transport.get(entry.id).copied().unwrap_or(0));
        ConnectionCounts { by_transport: CATALOG.iter().map(count).collect(), refused: counts.refused }
    }
}

impl Permit {
    /// Returns the connection's statistics.
    #[must_use]
    pub fn stats(&self) -> &Arc<ConnectionStats> {
        &self.stats
    }
}

impl Permit {
    /// Names its client. The number of the connection that had the name is returned: it is to be ended. Where that is another
    /// principal's, it keeps the name.
    pub(crate) fn take_name(&mut self, client: MessageId) -> Option<u64> {
        let mut counts = self.admission.0.counts.lock();
        let name = (client.clone(), self.stats.transport().id);
        let older = counts.named_of(&name, self.stats.principal());
        if older.is_none() && counts.named.contains_key(&name) {
            return None;
        }
        counts.named.insert(name, self.key);
        self.name = Some(Box::new(client));
        older.and_then(|key| counts.leave(key))
    }
}

impl Counts {
    /// Returns the key of the open connection that has a name, if it is of this principal.
    fn named_of(&self, name: &(MessageId, &'static str), principal: &Principal) -> Option<usize> {
        let key = *self.named.get(name)?;
        let owner = self.open.get(key)?.stats.principal();
        owner.is_same_as(principal).then_some(key)
    }

    /// Takes a connection out of the numbers, once, and returns which: it is open until its task has ended, and counts no more.
    fn leave(&mut self, key: usize) -> Option<u64> {
        let open = self.open.get_mut(key).filter(|open| !open.leaving)?;
        open.leaving = true;
        let stats = Arc::clone(&open.stats);
        if let Some(count) = self.by_transport.get_mut(stats.transport().id) {
            *count -= 1;
        }
        self.by_address.leave(stats.peer().ip().into(), Instant::now());
        self.leaving += 1;
        Some(stats.id())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.0.counts.lock();
        counts.leave(self.key);
        counts.open.remove(self.key);
        counts.leaving -= 1;
        if let Some(name) = self.name.take() {
            let name = (*name, self.stats.transport().id);
            if counts.named.get(&name) == Some(&self.key) {
                counts.named.remove(&name);
            }
        }
    }
}
