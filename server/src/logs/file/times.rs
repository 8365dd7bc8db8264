//! The times at which the lines of files were seen first.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use fanout::Clock;
use parking_lot::Mutex;

use super::FileId;

/// Places that are remembered of one file: a look each, where it had grown. Of more, the oldest lines have no time again.
const PLACES: usize = 65_536;

/// The times of the lines of all files that were looked at; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::logs) struct ReadTimes {
    clock: Arc<dyn Clock>,
    files: Arc<Mutex<HashMap<Box<str>, SeenFile>>>,
}

/// A file as it was when somebody looked last.
#[derive(Debug)]
struct SeenFile {
    id: FileId,
    length: u64,
    /// Lines that begin at the place, or behind it, were first seen at the time, Unix microseconds. Both only grow.
    places: VecDeque<(u64, u64)>,
}

impl ReadTimes {
    pub(in crate::logs) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, files: Arc::default() }
    }

    /// Notes that the file of this name has this length now. What it has grown by was written since the last look.
    pub(super) fn look(&self, name: &str, id: FileId, length: u64) {
        let now = u64::try_from(self.clock.unix_time().as_micros()).unwrap_or(u64::MAX);
        let mut files = self.files.lock();
        let Some(seen) = files.get_mut(name) else {
            files.insert(name.into(), SeenFile { id, length, places: VecDeque::new() });
            return;
        };
        let last = seen.places.back().map_or(0, |place| place.1);
        if seen.id != id || length < seen.length {
            // Another file, or one that was begun anew: all of it is younger than the last look.
            *seen = SeenFile { id, length: 0, places: VecDeque::new() };
        }
        if length > seen.length {
            // A clock may be set back.
            seen.places.push_back((seen.length, now.max(last)));
            seen.length = length;
            if seen.places.len() > PLACES {
                seen.places.pop_front();
            }
        }
    }

    /// Notes that this file has this length now, if it is the one that was looked at last.
    pub(super) fn look_on(&self, name: &str, id: FileId, length: u64) {
        let is_it = self.files.lock().get(name).is_some_and(|seen| seen.id == id);
        if is_it {
            self.look(name, id, length);
        }
    }

    /// Returns the time of the line that begins at this place of this file.
    pub(super) fn of(&self, name: &str, id: FileId, offset: u64) -> u64 {
        let files = self.files.lock();
        let Some(seen) = files.get(name).filter(|seen| seen.id == id) else { return 0 };
        let later = seen.places.partition_point(|place| place.0 <= offset);
        later.checked_sub(1).map_or(0, |index| seen.places[index].1)
    }

    /// Returns the place before which no line is of this time or a later one.
    pub(super) fn place_of(&self, name: &str, id: FileId, at: u64) -> u64 {
        let files = self.files.lock();
        let Some(seen) = files.get(name).filter(|seen| seen.id == id && at > 0) else { return 0 };
        let later = seen.places.partition_point(|place| place.1 < at);
        seen.places.get(later).map_or(seen.length, |place| place.0)
    }
}

#[cfg(test)]
mod tests {
    use fanout::ManualClock;

    use super::*;

    #[test]
    fn a_line_has_the_time_of_the_first_look_after_it_was_written() {
        let clock = Arc::new(ManualClock::new(10_000));
        let times = ReadTimes::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let (one, two) = (FileId(1, 1), FileId(1, 2));
        let of = |id, offset| times.of("a", id, offset) / 1_000_000;
        times.look("a", one, 100);
        assert_eq!((of(one, 0), of(one, 99)), (0, 0), "nobody knows when it was written");
        clock.set(15_000);
        times.look("a", one, 150);
        times.look("a", one, 150);
        clock.set(20_000);
        times.look("a", one, 160);
        assert_eq!([99, 100, 149, 150, 500].map(|offset| of(one, offset)), [0, 15, 15, 20, 20]);
        let place = |at| times.place_of("a", one, at);
        assert_eq!([0, 1, 15_000_000, 15_000_001, 20_000_001].map(place), [0, 100, 100, 150, 160]);
        // It is begun anew, and then replaced.
        times.look("a", one, 30);
        assert_eq!(of(one, 0), 20);
        clock.set(25_000);
        times.look_on("a", two, 10);
        assert_eq!(of(two, 0), 0, "it is not the one that was looked at");
        times.look("a", two, 10);
        assert_eq!((of(two, 0), of(one, 0)), (25, 0));
    }

    #[test]
    fn a_file_that_grows_for_ever_costs_a_bound() {
        let times = ReadTimes::new(Arc::new(ManualClock::new(10_000)));
        for length in 0..2 * PLACES as u64 {
            times.look("a", FileId(1, 1), length);
        }
        assert_eq!(times.files.lock()["a"].places.len(), PLACES);
    }
}
