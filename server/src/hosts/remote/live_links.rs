//! The live connections of one host's agent: the newest ones, and no more.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

/// An agent needs one, and a second one while it changes from one to another.
const MOST: usize = 2;

/// The live connections of an agent; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct LiveLinks(Arc<Mutex<VecDeque<CancellationToken>>>);

impl LiveLinks {
    /// Takes a new connection in, in place of the oldest one where there are too many. It is to end when the token is cancelled.
    pub(super) fn enter(&self) -> CancellationToken {
        let token = CancellationToken::new();
        let mut open = self.0.lock();
        // Those that have ended have let go of theirs by cancelling it.
        open.retain(|open| !open.is_cancelled());
        while open.len() >= MOST
            && let Some(oldest) = open.pop_front()
        {
            oldest.cancel();
        }
        open.push_back(token.clone());
        token
    }

    /// Ends all of them.
    pub(super) fn end(&self) {
        self.0.lock().drain(..).for_each(|open| open.cancel());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_connections_stay_and_all_of_them_end_with_the_host() {
        let links = LiveLinks::default();
        let [first, second] = [links.enter(), links.enter()];
        assert!(!first.is_cancelled());
        let third = links.enter();
        assert!(first.is_cancelled() && !second.is_cancelled());
        second.cancel();
        let fourth = links.enter();
        assert!(!third.is_cancelled(), "the second one had ended by itself");
        links.end();
        assert!(third.is_cancelled() && fourth.is_cancelled());
        assert!(!links.enter().is_cancelled());
    }
}
