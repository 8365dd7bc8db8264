//! Places that a client says it has come to and no node ever told.
//!
//! A client that comes from another node may have been told more than this one knows yet. It is believed at once, for that is the common
//! case, and the broker is asked meanwhile. Where the broker denies the place, the client is asked to come again, and is then told of the
//! gap.

use std::collections::VecDeque;

use common::Cursor;
use parking_lot::Mutex;

/// The places that are remembered: a client that was asked to come again does so within seconds.
const MOST: usize = 256;

/// Places that the broker denied, the last ones.
#[derive(Debug, Default)]
pub(crate) struct ForeignPlaces(Mutex<VecDeque<Cursor>>);

impl ForeignPlaces {
    pub(crate) fn add(&self, place: Cursor) {
        let mut places = self.0.lock();
        if places.len() >= MOST {
            places.pop_front();
        }
        places.push_back(place);
    }

    pub(crate) fn contains(&self, place: Cursor) -> bool {
        self.0.lock().contains(&place)
    }
}
