//! Counts the live connections that each address has at once, and had until a moment ago.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use super::ClientKey;

/// A connection counts for so long after its end among those that its address had lately: a client that polls on a socket of its own each
/// time, or comes back, has one all the while.
const LATELY: Duration = Duration::from_secs(30);
/// Fewer addresses than this are kept without looking for those that can be forgotten.
const KEPT: usize = 1024;

/// Counts by address. Addresses that have had nothing lately are forgotten.
#[derive(Debug)]
pub(super) struct Concurrency {
    by_address: HashMap<ClientKey, Held>,
    /// At so many addresses those that can be forgotten are looked for. It doubles what was left, so that looking costs little.
    sweep_at: usize,
}

#[derive(Debug, Default)]
struct Held {
    now: usize,
    /// `ended[n]` is when the address had `n + 1` connections last; those behind `now` have gone.
    ended: Vec<Instant>,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self { by_address: HashMap::new(), sweep_at: KEPT }
    }
}

impl Concurrency {
    /// Counts one more.
    pub(super) fn admit(&mut self, address: ClientKey, now: Instant) {
        if self.by_address.len() >= self.sweep_at {
            self.by_address.retain(|_, held| held.lately(now) > 0);
            self.sweep_at = KEPT.max(self.by_address.len() * 2);
        }
        self.by_address.entry(address).or_default().now += 1;
    }

    /// Counts one less.
    pub(super) fn leave(&mut self, address: ClientKey, now: Instant) {
        let Some(held) = self.by_address.get_mut(&address) else { return };
        // Later than all that stands behind it.
        held.ended.truncate(held.lately(now));
        held.ended.resize(held.ended.len().max(held.now), now);
        held.now = held.now.saturating_sub(1);
        if let Some(ended) = held.ended.get_mut(held.now) {
            *ended = now;
        }
    }

    /// Counts those that an address has.
    pub(super) fn of(&self, address: ClientKey) -> usize {
        self.by_address.get(&address).map_or(0, |held| held.now)
    }

    /// Returns the most that an address has had at once lately.
    pub(super) fn lately(&self, address: ClientKey, now: Instant) -> usize {
        self.by_address.get(&address).map_or(0, |held| held.lately(now))
    }

    #[cfg(test)]
    fn addresses(&self) -> usize {
        self.by_address.len()
    }
}

impl Held {
    fn lately(&self, now: Instant) -> usize {
        let recent = self.ended.iter().rposition(|&ended| now.duration_since(ended) < LATELY);
        self.now.max(recent.map_or(0, |level| level + 1))
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn address(n: u32) -> ClientKey {
        IpAddr::from(n.to_be_bytes()).into()
    }

    #[test]
    fn what_has_ended_counts_for_a_while_and_only_as_many_as_there_were_at_once() {
        let (mut all, start) = (Concurrency::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let here = address(1);
        assert_eq!(all.lately(here, start), 0);
        // A client that polls on a socket of its own each time.
        for second in 0..100 {
            all.admit(here, at(second));
            all.leave(here, at(second));
            assert_eq!((all.of(here), all.lately(here, at(second))), (0, 1));
        }
        // Two at once, of which one goes on.
        all.admit(here, at(100));
        all.admit(here, at(100));
        all.leave(here, at(101));
        assert_eq!((all.lately(here, at(130)), all.lately(here, at(131))), (2, 1));
        all.leave(here, at(140));
        assert_eq!((all.lately(here, at(169)), all.lately(here, at(170))), (1, 0));
    }

    #[test]
    fn addresses_that_are_gone_are_forgotten() {
        let (mut all, start) = (Concurrency::default(), Instant::now());
        for n in 0..100_000 {
            let now = start + Duration::from_millis(100) * n;
            all.admit(address(n), now);
            all.leave(address(n), now);
            assert!(all.addresses() <= 2 * KEPT, "{} addresses", all.addresses());
        }
    }
}
