//! Which topics the page wants, which of them the line carries, and what was seen of each.

use std::collections::{BTreeMap, BTreeSet};

use common::{Cursor, Topic, frame::Event};
use transports::browser::Ask;

#[derive(Debug, Default)]
pub(super) struct Topics {
    wanted: BTreeMap<Topic, Vec<Option<u32>>>,
    carried: BTreeSet<Topic>,
    /// Carried for someone who has left, and wanted by someone new: to be asked for again.
    again: Vec<Topic>,
    /// Wanted, and not told up to the cursor yet: they ask for a snapshot.
    unseen: BTreeSet<Topic>,
    last: BTreeMap<Topic, Cursor>,
    pub(super) cursor: Option<Cursor>,
}

/// What has to change on the line.
pub(super) struct Change {
    pub(super) added: Vec<Topic>,
    pub(super) removed: Vec<Topic>,
}

impl Topics {
    pub(super) fn want(&mut self, topic: Topic, cadence_ms: Option<u32>) {
        let watchers = self.wanted.entry(topic.clone()).or_default();
        if watchers.is_empty() {
            // Even if the line carries it still, for the one who left a moment ago: the newcomer has seen nothing.
            if self.carried.remove(&topic) {
                self.again.push(topic.clone());
            }
            self.unseen.insert(topic);
        }
        watchers.push(cadence_ms);
    }

    pub(super) fn unwant(&mut self, topic: &Topic, cadence_ms: Option<u32>) {
        let Some(watchers) = self.wanted.get_mut(topic) else { return };
        if let Some(one) = watchers.iter().position(|&cadence| cadence == cadence_ms) {
            watchers.remove(one);
        }
        if watchers.is_empty() {
            self.wanted.remove(topic);
            self.unseen.remove(topic);
            self.last.remove(topic);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    pub(super) fn wants(&self, topic: &Topic) -> bool {
        self.wanted.contains_key(topic)
    }

    /// How often the busiest topic that the line carries speaks.
    pub(super) fn cadence_ms(&self) -> Option<f64> {
        let carried = self.wanted.iter().filter(|(topic, _)| self.carried.contains(*topic));
        carried.flat_map(|(_, watchers)| watchers.iter().flatten().copied()).min().map(f64::from)
    }

    /// What to ask of a new line, which then carries it.
    pub(super) fn ask(&mut self) -> Ask {
        self.carried = self.wanted.keys().cloned().collect();
        self.again.clear();
        let snapshot = match self.cursor {
            Some(_) => self.unseen.iter().cloned().collect(),
            None => Vec::new(),
        };
        Ask { topics: self.carried.iter().cloned().collect(), since: self.cursor, snapshot }
    }

    /// What to change on a line that is open; it then carries that.
    pub(super) fn change(&mut self) -> Option<Change> {
        let wanted: BTreeSet<Topic> = self.wanted.keys().cloned().collect();
        if wanted == self.carried {
            return None;
        }
        let added = wanted.difference(&self.carried).cloned().collect();
        let removed = self.carried.difference(&wanted).cloned().chain(self.again.drain(..)).collect();
        self.carried = wanted;
        Some(Change { added, removed })
    }

    /// The line is told up to `cursor`, newcomers included.
    pub(super) fn placed(&mut self, cursor: Cursor) {
        self.cursor = Some(self.cursor.map_or(cursor, |known| known.advance(cursor)));
        self.unseen.clear();
    }

    /// Whether an event is news to the page; if so, it counts as seen.
    pub(super) fn see(&mut self, event: &Event) -> bool {
        let seen = |known: &Cursor| known.epoch == event.cursor.epoch && known.seq >= event.cursor.seq;
        if !self.wants(&event.topic) || self.last.get(&event.topic).is_some_and(seen) {
            return false;
        }
        self.last.insert(event.topic.clone(), event.cursor);
        // A snapshot's entries are older than the place of the rest: they do not move it.
        if !self.unseen.contains(&event.topic)
            || self.cursor.is_none_or(|known| known.epoch != event.cursor.epoch)
        {
            self.cursor = Some(self.cursor.map_or(event.cursor, |known| known.advance(event.cursor)));
        }
        true
    }
}
