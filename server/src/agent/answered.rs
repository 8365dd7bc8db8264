//! The places of a spool up to which a server has answered.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::spool::SpoolPlace;

/// A server writes what it was told to its disk within ten seconds. Until this has passed lines are kept: it may end before that, and they
/// are sent again then. One that it has already is the same one.
const KEPT_BY_THEN: Duration = Duration::from_secs(20);

/// Places up to which everything was answered, and when.
#[derive(Debug, Default)]
pub(super) struct AnsweredPlaces(VecDeque<(Instant, SpoolPlace)>);

impl AnsweredPlaces {
    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes note of one. Returns the place up to which the server has surely written everything by now.
    pub(super) fn note(&mut self, place: SpoolPlace) -> Option<SpoolPlace> {
        let now = Instant::now();
        self.0.push_back((now, place));
        let mut surely = None;
        while let Some((at, place)) = self.0.front().copied()
            && now.duration_since(at) >= KEPT_BY_THEN
        {
            surely = Some(place);
            self.0.pop_front();
        }
        surely
    }
}
