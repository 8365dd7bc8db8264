//! The guards that watchers and senders hold: dropping one ends its watch or its wait.

use std::rc::Weak;

use super::state::Feed;

/// Watches a topic until it is dropped.
pub(super) struct TopicGuard {
    pub(super) feed: Weak<Feed>,
    pub(super) id: u64,
}

/// Waits for what becomes of a message until it is dropped.
pub(super) struct SendGuard {
    pub(super) feed: Weak<Feed>,
    pub(super) number: u64,
}

impl Drop for TopicGuard {
    fn drop(&mut self) {
        let Some(feed) = self.feed.upgrade() else { return };
        let watcher = {
            let mut watchers = feed.watchers.borrow_mut();
            let Some(at) = watchers.iter().position(|watcher| watcher.id == self.id) else { return };
            watchers.swap_remove(at)
        };
        feed.engine.borrow_mut().unwatch(&watcher.topic, watcher.cadence_ms);
        feed.settle.set(Some(0.0));
    }
}

impl Drop for SendGuard {
    fn drop(&mut self) {
        let Some(feed) = self.feed.upgrade() else { return };
        if let Some(sender) = feed.take_sender(|one| one.number == self.number) {
            feed.turn(|engine, _| {
                engine.give_up(&sender.id);
                vec![]
            });
        }
    }
}
