//! The events that were seen last: after a break an engine tells some of them again.

use std::{
    collections::{HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
};

use crate::event::EventKey;

/// As many as are remembered. Podman tells the whole last second again, Docker at most 256.
const MOST: usize = 4_096;

/// A bounded memory of keys.
#[derive(Debug, Default)]
pub(super) struct SeenKeys {
    order: VecDeque<u64>,
    digests: HashSet<u64>,
    hasher: RandomState,
}

impl SeenKeys {
    /// Notes a key. False when it was noted before.
    pub(super) fn insert(&mut self, key: &EventKey) -> bool {
        let digest = self.hasher.hash_one(key);
        if !self.digests.insert(digest) {
            return false;
        }
        self.order.push_back(digest);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.digests.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, SeenKeys};
    use crate::time::EventTime;

    #[test]
    fn a_key_is_new_once_and_the_memory_has_a_bound() {
        let key = |time: usize| (EventTime(time as u64), "id".to_owned(), "die".to_owned());
        let mut seen = SeenKeys::default();
        assert!(seen.insert(&key(1)) && !seen.insert(&key(1)));
        assert!(seen.insert(&(EventTime(1), "id".to_owned(), "start".to_owned())));
        for time in 2..2 * MOST {
            assert!(seen.insert(&key(time)));
        }
        assert_eq!((seen.order.len(), seen.digests.len()), (MOST, MOST));
        assert!(!seen.insert(&key(2 * MOST - 1)) && seen.insert(&key(1)));
    }
}
