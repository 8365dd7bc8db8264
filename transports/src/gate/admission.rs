//! How many may come: connections in all and from one address, counted by transport.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use slab::Slab;
use tokio::sync::Semaphore;

use super::{ClientKey, throttle::Throttle};
use crate::{
    catalog::{CATALOG, Entry},
    roster::Meter,
};

/// What one connection and one address may use; 0 means no limit. docs/protocol.md says how each is answered.
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
    /// How long nothing can be written before a reader is given up.
    pub stall: Duration,
}

/// Live connections, counted.
#[derive(Debug, Clone)]
pub struct Admission(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    counts: Mutex<Counts>,
    /// How much each address has sent lately with requests of its own; those who rest are forgotten.
    senders: Mutex<HashMap<ClientKey, Throttle>>,
    /// How many connections there have been.
    numbers: AtomicU64,
    /// For those who follow what stands on a connection.
    followers: Arc<Semaphore>,
}

/// So many senders are remembered before those who rest are looked for.
const SENDERS: usize = 1024;
/// So many may follow a connection at once.
const FOLLOWERS: usize = 8;

#[derive(Debug, Default)]
struct Counts {
    open: Slab<Arc<Meter>>,
    by_address: HashMap<ClientKey, usize>,
    by_transport: HashMap<&'static str, usize>,
    refused: u64,
}

/// The right to one live connection; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    admission: Admission,
    meter: Arc<Meter>,
    /// Its place among those that are open.
    key: usize,
}

/// Connections at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connections {
    /// For each transport of the catalog.
    pub by_transport: Vec<(&'static str, usize)>,
    /// Refused since the start because a limit was reached.
    pub refused: u64,
}

impl Admission {
    /// Nobody yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            counts: Mutex::default(),
            senders: Mutex::default(),
            numbers: AtomicU64::new(0),
            followers: Arc::new(Semaphore::new(FOLLOWERS)),
        }))
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What a connection will count that comes from there.
    #[must_use]
    pub fn meter(&self, peer: SocketAddr, transport: &'static Entry) -> Arc<Meter> {
        // Nothing is numbered 0.
        let id = self.0.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        Arc::new(Meter::new(id, transport, peer))
    }

    /// A place for one more connection, if there is one.
    #[must_use]
    pub fn admit(&self, meter: &Arc<Meter>) -> Option<Permit> {
        let limits = &self.0.limits;
        let full = |limit: usize, count: usize| limit > 0 && count >= limit;
        let address = ClientKey::from(meter.peer().ip());
        let mut counts = self.0.counts.lock();
        let here = counts.by_address.get(&address).copied().unwrap_or(0);
        if full(limits.connections, counts.open.len()) || full(limits.connections_per_address, here) {
            counts.refused += 1;
            return None;
        }
        *counts.by_address.entry(address).or_default() += 1;
        *counts.by_transport.entry(meter.transport().id).or_default() += 1;
        let key = counts.open.insert(Arc::clone(meter));
        Some(Permit { admission: self.clone(), meter: Arc::clone(meter), key })
    }

    /// Those that are open.
    pub(crate) fn open(&self) -> Vec<Arc<Meter>> {
        self.0.counts.lock().open.iter().map(|(_, meter)| Arc::clone(meter)).collect()
    }

    /// The one of this number.
    pub(crate) fn find(&self, id: u64) -> Option<Arc<Meter>> {
        let counts = self.0.counts.lock();
        counts.open.iter().find(|(_, meter)| meter.id() == id).map(|(_, meter)| Arc::clone(meter))
    }

    /// The places for those who follow a connection.
    pub(crate) fn followers(&self) -> &Arc<Semaphore> {
        &self.0.followers
    }

    /// Whether this address may send one more message by a request of its own. What comes on a connection that stays is
    /// counted there.
    #[must_use]
    pub fn may_send(&self, address: IpAddr) -> bool {
        let mut senders = self.0.senders.lock();
        if senders.len() >= SENDERS {
            senders.retain(|_, throttle| !throttle.is_rested());
        }
        let rate = self.0.limits.messages_per_second;
        senders.entry(address.into()).or_insert_with(|| Throttle::new(rate)).pass()
    }

    /// How many there are now.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let counts = self.0.counts.lock();
        let count = |entry: &&Entry| (entry.id, counts.by_transport.get(entry.id).copied().unwrap_or(0));
        Connections { by_transport: CATALOG.iter().map(count).collect(), refused: counts.refused }
    }
}

impl Permit {
    /// What the connection counts.
    #[must_use]
    pub fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.0.counts.lock();
        counts.open.remove(self.key);
        if let Some(count) = counts.by_transport.get_mut(self.meter.transport().id) {
            *count -= 1;
        }
        let address = ClientKey::from(self.meter.peer().ip());
        if let Some(count) = counts.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                counts.by_address.remove(&address);
            }
        }
    }
}
