//! Detection of clients that have gone without closing. Behind a proxy that keeps its own connection open, no write
//! ever fails and no close ever comes.
//!
//! Clients that answer pings by themselves (RFC 6455 §5.5.2) are pinged, whether there is news or not: some proxies
//! count the client's bytes alone and cut a connection on which only the server sends. A one-way connection gets an
//! age instead: it ends with a `bye`, and a reader that is there comes back from its cursor at once.

use std::time::Duration;

use bytes::Bytes;
use common::frame::ByeReason;
use tokio::time::Instant;

use crate::live::Pace;

/// A client whose pings stay unanswered for this many heartbeats has left. Some libraries answer only while their program
/// reads, so it is long.
const HEARTBEATS: u32 = 6;
/// Lines that were opened in the same moment do not all end in the same moment: up to a tenth earlier.
const SPREAD: u32 = 16;

/// The watch over one client.
#[derive(Debug)]
pub(super) enum Liveness {
    /// A one-way connection, and the time at which it is old enough; never, if that is so set.
    OneWay(Option<Instant>),
    /// A line on which pings are answered, and since when the last one is not.
    Pinged { ping: Bytes, unanswered_since: Option<Instant> },
}

/// An action of the watch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LivenessAction {
    Nothing,
    Ping(Bytes),
    End(ByeReason),
}

impl Liveness {
    /// A watch that begins now. `nth` is the connection's number.
    pub(super) fn new(ping: Option<Bytes>, pace: &Pace, nth: u64) -> Self {
        match ping {
            Some(ping) => Self::Pinged { ping, unanswered_since: None },
            None => Self::OneWay(pace.max_age.map(|age| Instant::now() + spread(age, nth))),
        }
    }

    /// Records that bytes came from the client: any of them are a sign of life.
    pub(super) fn record_activity(&mut self) {
        if let Self::Pinged { unanswered_since, .. } = self {
            *unanswered_since = None;
        }
    }

    /// Records that the client takes nothing now: a ping would not reach it, and the pump counts that time itself.
    pub(super) fn record_blocked(&mut self) {
        self.record_activity();
    }

    /// The action that is due, asked once a heartbeat or more often.
    pub(super) fn due(&mut self, heartbeat: Duration) -> LivenessAction {
        match self {
            Self::OneWay(Some(until)) if *until <= Instant::now() => LivenessAction::End(ByeReason::Renew),
            Self::OneWay(_) => LivenessAction::Nothing,
            Self::Pinged { ping, unanswered_since } => {
                let since = unanswered_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= heartbeat * HEARTBEATS {
                    LivenessAction::End(ByeReason::Ended)
                } else {
                    LivenessAction::Ping(ping.clone())
                }
            }
        }
    }
}

fn spread(age: Duration, nth: u64) -> Duration {
    let nth = u32::try_from(nth % u64::from(SPREAD)).unwrap_or_default();
    age - age / (SPREAD * 10) * nth
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEARTBEAT: Duration = Duration::from_secs(15);

    fn pace(max_age: Option<Duration>) -> Pace {
        Pace { heartbeat: HEARTBEAT, retry: Duration::from_secs(2), max_age }
    }

    #[tokio::test(start_paused = true)]
    async fn any_byte_is_a_sign_of_life_and_six_heartbeats_without_one_are_the_end() {
        let ping = Bytes::from_static(b"?");
        let mut watch = Liveness::new(Some(ping.clone()), &pace(None), 1);
        for _ in 0..1000 {
            assert_eq!(watch.due(HEARTBEAT), LivenessAction::Ping(ping.clone()));
            tokio::time::advance(HEARTBEAT).await;
            watch.record_activity();
        }
        for _ in 0..HEARTBEATS {
            assert_eq!(watch.due(HEARTBEAT), LivenessAction::Ping(ping.clone()));
            tokio::time::advance(HEARTBEAT).await;
        }
        assert_eq!(watch.due(HEARTBEAT), LivenessAction::End(ByeReason::Ended));
    }

    #[tokio::test(start_paused = true)]
    async fn a_one_way_line_ends_within_its_age_and_no_two_neighbours_at_once() {
        let age = Duration::from_secs(540);
        let mut ends = Vec::new();
        for nth in 1..=16 {
            let mut watch = Liveness::new(None, &pace(Some(age)), nth);
            let begun = Instant::now();
            while watch.due(HEARTBEAT) == LivenessAction::Nothing {
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            ends.push(begun.elapsed());
        }
        assert!(ends.iter().all(|end| (age * 9 / 10..=age).contains(end)), "{ends:?}");
        ends.sort_unstable();
        ends.dedup();
        assert_eq!(ends.len(), 16);
        assert_eq!(Liveness::new(None, &pace(None), 1).due(HEARTBEAT), LivenessAction::Nothing);
    }
}
