//! The age of entries by two clocks: that of the servers, which stamp them, and this node's own.

use std::time::Duration;

use broker::Clock;
use parking_lot::Mutex;
use tokio::time::Instant;

/// The servers' clock as far as they told it. A time that was told goes on from there, and is late by the way that it took.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<ToldTime>>);

/// A time that a server told, and when it did.
#[derive(Debug, Clone, Copy)]
struct ToldTime {
    unix_millis: u64,
    at: Instant,
}

impl ToldTime {
    fn now(self) -> u64 {
        self.unix_millis.saturating_add(u64::try_from(self.at.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl ServerClock {
    /// Takes note of a time that a server told, now or long ago: the latest one counts.
    pub(crate) fn note(&self, unix_millis: u64) {
        let mut told = self.0.lock();
        if told.is_none_or(|told| told.now() < unix_millis) {
            *told = Some(ToldTime { unix_millis, at: Instant::now() });
        }
    }

    /// Returns the time by which entries age: the earlier of both clocks. A node's clock that is ahead would take entries from all nodes
    /// that none has had for their time, and so would a server's that was set back meanwhile.
    pub(crate) fn now(&self, own: &dyn Clock) -> u64 {
        let own = own.unix_millis();
        self.0.lock().map_or(own, |told| told.now().min(own))
    }

    /// Returns the age of an entry that a server stamped.
    pub(crate) fn age(&self, own: &dyn Clock, unix_millis: u64) -> Duration {
        Duration::from_millis(self.now(own).saturating_sub(unix_millis))
    }
}

#[cfg(test)]
mod tests {
    use broker::ManualClock;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_that_is_behind_counts_and_the_servers_goes_on() {
        let (server, own) = (ServerClock::default(), ManualClock::new(5_000));
        assert_eq!(server.now(&own), 5_000, "no server has told anything");
        server.note(1_000);
        assert_eq!(server.now(&own), 1_000);
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(server.now(&own), 1_500);
        server.note(1_400);
        assert_eq!(server.age(&own, 1_000), Duration::from_millis(500), "an earlier time came late");
        server.note(9_000);
        assert_eq!(server.now(&own), 5_000);
    }
}
