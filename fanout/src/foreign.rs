//! Places that a client says it has come to and no node ever told.
//!
//! A client that comes from another node may have been told more than this one knows yet. It is believed at once, for that is the common
//! case, and the broker is asked meanwhile. Where the broker denies the place, the client is asked to come again, and is then told of the
//! gap.
//!
//! The broker may need seconds for its answer. A client that polls has moved on by then: its place has the same wrong number and a newer
//! one of the other numbering. It waits for the answer that its first poll asked for, and the denial holds for it, too.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Weak},
};

use common::{Cursor, Seq};
use parking_lot::Mutex;

use crate::notifier::Notifier;

/// The places that are remembered: a client that was asked to come again does so within seconds.
const MOST: usize = 256;

/// Places that the broker denied, the last ones, and those that it is being asked about.
#[derive(Debug, Default)]
pub(crate) struct ForeignPlaces(Mutex<Places>);

#[derive(Debug, Default)]
struct Places {
    denied: VecDeque<Cursor>,
    asked: Vec<AskedPlace>,
}

#[derive(Debug)]
struct AskedPlace {
    place: Cursor,
    waiting: Vec<WaitingClient>,
}

/// A client that was believed until the broker answers.
#[derive(Debug)]
pub(crate) struct WaitingClient {
    pub(crate) place: Cursor,
    pub(crate) notifier: Weak<Notifier>,
}

impl ForeignPlaces {
    /// True of a place that was denied, and of one that its client moved on to from there.
    pub(crate) fn is_denied(&self, place: Cursor) -> bool {
        self.0.lock().denied.iter().any(|denied| has_moved(*denied, place))
    }

    /// Lets a client wait for the broker's answer. Returns true where the caller has to ask for it.
    pub(crate) fn wait(&self, client: WaitingClient) -> bool {
        let mut places = self.0.lock();
        if let Some(asked) = places.asked.iter_mut().find(|asked| has_moved(asked.place, client.place)) {
            asked.waiting.retain(|other| other.notifier.strong_count() > 0);
            asked.waiting.push(client);
            return false;
        }
        places.asked.push(AskedPlace { place: client.place, waiting: vec![client] });
        true
    }

    /// Takes in the broker's answer and returns the clients that waited for it.
    pub(crate) fn answer(&self, place: Cursor, exists: bool) -> Vec<(WaitingClient, Arc<Notifier>)> {
        let mut places = self.0.lock();
        if !exists {
            if places.denied.len() >= MOST {
                places.denied.pop_front();
            }
            places.denied.push_back(place);
        }
        let waiting = places
            .asked
            .iter()
            .position(|asked| asked.place == place)
            .map(|index| mem::take(&mut places.asked.swap_remove(index).waiting));
        let here = |client: WaitingClient| client.notifier.upgrade().map(|notifier| (client, notifier));
        waiting.into_iter().flatten().filter_map(here).collect()
    }
}

/// True where a client that stands at `from` may have come to `to` by reading on, and one of the numbers has stayed. A log that numbers
/// everything by one number has no other that could stay.
fn has_moved(from: Cursor, to: Cursor) -> bool {
    to == from
        || from.latest > Seq::START && to.covers(from) && (to.seq == from.seq || to.latest == from.latest)
}

#[cfg(test)]
mod tests {
    use common::Epoch;

    use super::*;

    fn at(seq: u64, latest: u64) -> Cursor {
        Cursor { epoch: Epoch(7), seq: Seq(seq), latest: Seq(latest) }
    }

    #[test]
    fn a_denial_holds_for_a_client_that_polls_on_from_there_and_for_no_one_else() {
        let places = ForeignPlaces::default();
        places.answer(at(100, 5), false);
        assert!(places.is_denied(at(100, 5)));
        assert!(places.is_denied(at(100, 9)), "its values went on");
        assert!(places.is_denied(at(103, 5)), "its log went on");
        assert!(!places.is_denied(at(100, 4)));
        assert!(!places.is_denied(at(103, 9)));
        assert!(!places.is_denied(Cursor { epoch: Epoch(8), ..at(100, 5) }));
    }

    #[test]
    fn one_number_for_everything_moves_away_from_a_denial() {
        let places = ForeignPlaces::default();
        places.answer(at(100, 0), false);
        assert!(places.is_denied(at(100, 0)));
        assert!(!places.is_denied(at(101, 0)));
    }

    #[test]
    fn who_polls_on_waits_for_the_answer_that_is_asked_for() {
        let places = ForeignPlaces::default();
        let notifier = Arc::new(Notifier::new(0, 0));
        let client = |place| WaitingClient { place, notifier: Arc::downgrade(&notifier) };
        assert!(places.wait(client(at(100, 5))));
        assert!(!places.wait(client(at(100, 6))));
        assert!(places.wait(client(at(200, 6))), "another place");
        let gone = WaitingClient { place: at(100, 7), notifier: Weak::new() };
        assert!(!places.wait(gone));
        let told: Vec<_> = places.answer(at(100, 5), true).iter().map(|(client, _)| client.place).collect();
        assert_eq!(told, [at(100, 5), at(100, 6)], "who has gone is not told");
        assert!(!places.is_denied(at(100, 5)));
        assert!(places.wait(client(at(100, 5))), "it is asked anew");
    }
}
