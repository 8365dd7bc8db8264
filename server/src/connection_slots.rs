//! Places for connections that are no live streams: in all, and for each client. Whoever has none to give takes it from the
//! connection that has waited longest for a request, so that sockets which ask for nothing shut nobody out.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::Arc,
};

use common::limit::{Limit, LimitName};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use transports::{
    conn::{Occupancy, Usage},
    gate::ClientKey,
};

/// All places.
#[derive(Clone)]
pub(crate) struct ConnectionSlots(Arc<SlotsInner>);

struct SlotsInner {
    most: usize,
    most_per_client: usize,
    state: Mutex<SlotTable>,
}

#[derive(Default)]
struct SlotTable {
    next: u64,
    held: usize,
    by_client: HashMap<ClientKey, usize>,
    /// Idle connections, the one that has waited longest first.
    idle: BTreeMap<u64, IdleConnection>,
}

struct IdleConnection {
    client: ClientKey,
    place: Arc<SlotState>,
}

/// One connection's place.
pub(crate) struct ConnectionSlot {
    places: ConnectionSlots,
    client: ClientKey,
    state: Arc<SlotState>,
}

/// The part of a slot that is written only under the lock of [`SlotTable`].
struct SlotState {
    evicted: CancellationToken,
    usage: Mutex<SlotUsage>,
}

#[derive(Default)]
struct SlotUsage {
    counted: bool,
    idle_since: Option<u64>,
}

impl ConnectionSlots {
    /// So many places, and so many of them for one client.
    pub(crate) fn new(most: usize, most_per_client: usize) -> Self {
        Self(Arc::new(SlotsInner { most, most_per_client, state: Mutex::default() }))
    }

    /// A place, if one is free or an idle connection can make room; else the limit that is reached.
    pub(crate) fn take(&self, address: IpAddr) -> Result<Arc<ConnectionSlot>, Limit> {
        let client = ClientKey::from(address);
        let mut state = self.0.state.lock();
        let here = state.by_client.get(&client).copied().unwrap_or(0);
        let SlotsInner { most, most_per_client, .. } = *self.0;
        if here >= most_per_client {
            let limit = Limit::new(LimitName::PlainConnectionsPerAddress, most_per_client);
            state.evict(Some(client)).ok_or(limit)?;
        } else if state.held >= most {
            state.evict(None).ok_or(Limit::new(LimitName::PlainConnections, most))?;
        }
        Ok(self.place(&mut state, client))
    }

    /// A place beyond all limits, for a client whose live connection asks something else.
    pub(crate) fn take_again(&self, address: IpAddr) -> Arc<ConnectionSlot> {
        let mut state = self.0.state.lock();
        self.place(&mut state, ClientKey::from(address))
    }

    fn place(&self, state: &mut SlotTable, client: ClientKey) -> Arc<ConnectionSlot> {
        let place = Arc::new(SlotState { evicted: CancellationToken::new(), usage: Mutex::default() });
        state.set(client, &place, Usage::Idle);
        Arc::new(ConnectionSlot { places: self.clone(), client, state: place })
    }
}

impl SlotTable {
    /// Closes the connection that has waited longest: one of `client`'s, or of whoever has most.
    fn evict(&mut self, client: Option<ClientKey>) -> Option<()> {
        let client = client.or_else(|| {
            let idle = |client: &ClientKey| self.idle.values().any(|waiting| waiting.client == *client);
            let most =
                self.by_client.iter().filter(|(client, _)| idle(client)).max_by_key(|(_, count)| **count);
            most.map(|(client, _)| *client)
        })?;
        let oldest =
            self.idle.iter().find(|(_, waiting)| waiting.client == client).map(|(since, _)| *since)?;
        let place = Arc::clone(&self.idle.get(&oldest)?.place);
        self.release(client, &place);
        place.evicted.cancel();
        Some(())
    }

    fn set(&mut self, client: ClientKey, place: &Arc<SlotState>, usage: Usage) {
        if usage == Usage::Live {
            return self.release(client, place);
        }
        let mut held = place.usage.lock();
        if place.evicted.is_cancelled() {
            // It is closing, and another connection has its place.
            return;
        }
        if !held.counted {
            held.counted = true;
            self.held += 1;
            *self.by_client.entry(client).or_default() += 1;
        }
        if let Some(since) = held.idle_since.take() {
            self.idle.remove(&since);
        }
        if usage == Usage::Idle {
            self.next += 1;
            held.idle_since = Some(self.next);
            self.idle.insert(self.next, IdleConnection { client, place: Arc::clone(place) });
        }
    }

    fn release(&mut self, client: ClientKey, place: &SlotState) {
        let mut held = place.usage.lock();
        if let Some(since) = held.idle_since.take() {
            self.idle.remove(&since);
        }
        if !std::mem::take(&mut held.counted) {
            return;
        }
        self.held -= 1;
        if let Some(count) = self.by_client.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                self.by_client.remove(&client);
            }
        }
    }
}

impl ConnectionSlot {
    /// Resolves when the connection is to make room.
    pub(crate) fn evicted(&self) -> impl Future<Output = ()> + use<> {
        self.state.evicted.clone().cancelled_owned()
    }
}

impl Occupancy for ConnectionSlot {
    fn set_usage(&self, usage: Usage) {
        self.places.0.state.lock().set(self.client, &self.state, usage);
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.places.0.state.lock().release(self.client, &self.state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn evicted(place: &ConnectionSlot) -> bool {
        place.state.evicted.is_cancelled()
    }

    #[test]
    fn the_connection_that_waited_longest_makes_room() {
        let places = ConnectionSlots::new(8, 2);
        let client = address("192.0.2.1");
        let first = places.take(client).expect("a place");
        let second = places.take(client).expect("a place");
        first.set_usage(Usage::Busy);
        first.set_usage(Usage::Idle);
        let third = places.take(client).expect("a place");
        assert!(!evicted(&first) && evicted(&second) && !evicted(&third));
        for place in [&first, &third] {
            place.set_usage(Usage::Busy);
        }
        let limit = places.take(client).err().map(|limit| (limit.name, limit.max));
        let reached = Some((LimitName::PlainConnectionsPerAddress, 2));
        assert_eq!(limit, reached, "all of its connections are at work");
        assert!(places.take(address("192.0.2.2")).is_ok(), "others have their own");
        third.set_usage(Usage::Live);
        assert!(places.take(client).is_ok(), "a live stream gives its place back");
        drop((first, second, third));
        assert_eq!(places.0.state.lock().held, 0);
        assert!(places.0.state.lock().by_client.is_empty() && places.0.state.lock().idle.is_empty());
    }

    #[test]
    fn whoever_has_most_makes_room_for_others() {
        let places = ConnectionSlots::new(3, 2);
        let many = ["2001:db8::1", "2001:db8::2"].map(|text| places.take(address(text)).expect("a place"));
        let one = places.take(address("192.0.2.1")).expect("a place");
        let next = places.take(address("192.0.2.2")).expect("a place");
        assert!(evicted(&many[0]) && !evicted(&many[1]) && !evicted(&one) && !evicted(&next));
        // An evicted connection counts for nothing, even if it goes on.
        many[0].set_usage(Usage::Busy);
        assert_eq!(places.0.state.lock().held, 3);
    }
}
