//! How many may come: connections in all and from one address, counted by transport.

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use parking_lot::Mutex;

use super::throttle::Throttle;
use crate::catalog::{CATALOG, Entry};

/// What one connection and one address may use; 0 means no limit. docs/protocol.md says how each is answered.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Live connections in all.
    pub connections: usize,
    /// Live connections from one address.
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
    senders: Mutex<HashMap<IpAddr, Throttle>>,
}

/// So many senders are remembered before those who rest are looked for.
const SENDERS: usize = 1024;

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
    by_transport: HashMap<&'static str, usize>,
    refused: u64,
}

/// The right to one live connection; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    admission: Admission,
    address: IpAddr,
    transport: &'static str,
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
        Self(Arc::new(Inner { limits, counts: Mutex::default(), senders: Mutex::default() }))
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// A place for one more connection, if there is one.
    #[must_use]
    pub fn admit(&self, address: IpAddr, transport: &'static Entry) -> Option<Permit> {
        let limits = &self.0.limits;
        let full = |limit: usize, count: usize| limit > 0 && count >= limit;
        let mut counts = self.0.counts.lock();
        let here = counts.by_address.get(&address).copied().unwrap_or(0);
        if full(limits.connections, counts.total) || full(limits.connections_per_address, here) {
            counts.refused += 1;
            return None;
        }
        counts.total += 1;
        *counts.by_address.entry(address).or_default() += 1;
        *counts.by_transport.entry(transport.id).or_default() += 1;
        Some(Permit { admission: self.clone(), address, transport: transport.id })
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
        senders.entry(address).or_insert_with(|| Throttle::new(rate)).pass()
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
    /// Whose place it is.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = self.admission.0.counts.lock();
        counts.total -= 1;
        if let Some(count) = counts.by_transport.get_mut(self.transport) {
            *count -= 1;
        }
        if let Some(count) = counts.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}
