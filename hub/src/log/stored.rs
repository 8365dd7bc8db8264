//! What a log with a journal does besides: it foresees numbers, says what still lives in a segment, and comes back.

use std::{io, sync::Arc};

use common::{Cursor, Epoch, Seq, Topic};
use tokio::time::Instant;

use super::{Log, TopicLog, wall::Wall};
use crate::{
    hub::Settings,
    journal::{Entry, Journal, JournalError, JournalSettings, Restored, Trace, Traces, weight},
    publication::Publication,
    rule::{Kind, Rule},
};

impl Log {
    /// The log that a journal holds, and the journal.
    pub(crate) fn open(
        settings: &Settings,
        stored_in: &JournalSettings,
    ) -> Result<(Self, Journal), JournalError> {
        let stored = |topic: &Topic| settings.rule(topic).filter(|(_, rule)| rule.kind == Kind::Log);
        let keeps = |topic: &Topic| stored(topic).map(|(_, rule)| rule.retention.entries.max(1));
        let (journal, restored) = Journal::open(stored_in, settings.epoch, &keeps)?;
        let Cursor { epoch, seq: head } = journal.place();
        let known = super::Stored { bounds: journal.bounds(), shared: Arc::clone(journal.shared()) };
        let mut log = Self { head, stored: Some(known), ..Self::new(epoch) };
        log.take_back(restored, &stored, settings.topics);
        log.keep_within(settings.bytes);
        Ok((log, journal))
    }

    fn take_back<'a>(
        &mut self,
        restored: Restored,
        stored: &dyn Fn(&Topic) -> Option<(usize, &'a Rule)>,
        topics: usize,
    ) {
        let now = Instant::now();
        let wall = Wall::at(now);
        let mut forgotten_through = restored.forgotten_through;
        for (name, traces) in restored.topics {
            let Some(rule) = stored(&name) else { continue };
            if traces.entries.is_empty() && self.len() >= topics {
                forgotten_through = forgotten_through.max(traces.evicted_through);
                continue;
            }
            let slot = self.declare(&name, rule);
            let topic = &mut self.topics[slot];
            topic.take_back(traces, self.epoch, wall);
            topic.evict(now);
            self.size.change(super::Size::default(), topic.size());
        }
        // Only now: what is known of a topic is more exact than what is known of those that were forgotten.
        self.forgotten_through = forgotten_through;
    }

    /// The longest payload that the journal takes for a topic; `None` where it takes none at all.
    pub(crate) fn longest_stored(&self, slot: usize) -> Option<usize> {
        let name = &self.topics[slot].state.name;
        let stored = self.stored.as_ref().filter(|_| self.is_stored(slot))?;
        Some(stored.bounds.longest.saturating_sub(weight(name, 0)))
    }

    /// The number that the next entry of a stored topic may get, `ahead` of the next that is free; and what the topic has lost,
    /// where nothing in the journal would prove it.
    pub(crate) fn foresee(&self, slot: usize, ahead: u64) -> (Seq, Option<Seq>) {
        let topic = &self.topics[slot];
        // Taken over from topics that were forgotten, which nothing in the files of this one would prove.
        let inherited = topic.newest == Seq::START && topic.evicted_through > Seq::START;
        (Seq(self.head.next().0.saturating_add(ahead)), inherited.then_some(topic.evicted_through))
    }

    /// What lives in a segment, of the topics that have records in it.
    pub(crate) fn living_in(&self, segment: u64, listed: &[Topic]) -> Living {
        let known = listed.iter().filter_map(|name| self.find(name.as_str()));
        let of = |topic: &TopicLog| LivingTopic {
            name: topic.state.name.clone(),
            evicted_through: topic.evicted_through,
            entries: topic.living_in(segment),
        };
        Living { forgotten_through: self.forgotten_through, topics: known.map(of).collect() }
    }

    /// Whether anything lives in a segment, of the topics that have records in it.
    pub(crate) fn lives_in(&self, segment: u64, listed: &[Topic]) -> bool {
        let mut known = listed.iter().filter_map(|name| self.find(name.as_str()));
        known.any(|topic| topic.lives_in(segment))
    }

    /// Entries of a topic were written again, each to this segment.
    pub(crate) fn moved(&mut self, name: &Topic, to: &[(Seq, u64)]) {
        if let Some(&slot) = self.names.get(name) {
            self.topics[slot].moved(to);
        }
    }
}

/// The segments in which entries are now, by topic.
pub(crate) type Moved = Vec<(Topic, Vec<(Seq, u64)>)>;

/// What lives in a segment.
#[derive(Debug)]
pub(crate) struct Living {
    forgotten_through: Seq,
    topics: Vec<LivingTopic>,
}

#[derive(Debug)]
struct LivingTopic {
    name: Topic,
    evicted_through: Seq,
    entries: Vec<Arc<Publication>>,
}

impl Living {
    /// Writes it behind the newest records. Returns where each entry is now.
    pub(crate) fn write(&self, journal: &mut Journal, now: Instant) -> io::Result<Moved> {
        let wall = Wall::at(now);
        journal.note_forgotten(self.forgotten_through)?;
        let mut moved = Vec::new();
        for LivingTopic { name, evicted_through, entries } in &self.topics {
            if *evicted_through > Seq::START {
                journal.note_evicted(name, *evicted_through)?;
            }
            let mut places = Vec::with_capacity(entries.len());
            for entry in entries {
                let Publication { cursor, data, taken_at, key, .. } = &**entry;
                let at_ms = wall.millis(*taken_at);
                let entry = Entry { topic: name, seq: cursor.seq, at_ms, data, key: key.as_ref() };
                places.push((cursor.seq, journal.write(entry)?));
            }
            moved.push((name.clone(), places));
        }
        Ok(moved)
    }
}

impl TopicLog {
    fn take_back(&mut self, traces: Traces, epoch: Epoch, wall: Wall) {
        self.evicted_through = traces.evicted_through;
        self.newest = traces.evicted_through;
        for Trace { seq, at_ms, segment, data, key } in traces.entries {
            let cursor = Cursor { epoch, seq };
            let entry = Publication::new(cursor, self.state.name.clone(), data, wall.instant(at_ms), key);
            self.push(Arc::new(entry), segment);
        }
    }
}
