//! The part of the log that works with a journal: it proposes sequence numbers, lists the live entries of a segment,
//! and restores the log at a start.

use std::{io, sync::Arc};

use broker::{Clock, TopicKind, TopicPolicy};
use common::{Cursor, Epoch, Seq, Topic};
use tokio::time::Instant;

use super::{Log, TopicLog, clock_reading::ClockReading};
use crate::{
    journal::{
        Entry, Journal, JournalError, JournalSettings, RecoveredEntry, RecoveredLog, RecoveredTopic, weight,
    },
    publication::Publication,
    settings::Settings,
};

impl Log {
    /// The log that a journal holds, and the journal.
    pub(crate) fn open(
        settings: &Settings,
        stored_in: &JournalSettings,
    ) -> Result<(Self, Journal), JournalError> {
        let stored =
            |topic: &Topic| settings.policy(topic).filter(|(_, policy)| policy.kind == TopicKind::Log);
        let keeps = |topic: &Topic| stored(topic).map(|(_, policy)| policy.retention.entries.max(1));
        let (journal, restored) = Journal::open(stored_in, settings.epoch, &keeps)?;
        let Cursor { epoch, seq: head, .. } = journal.place();
        let known =
            super::JournalLink { bounds: journal.bounds(), sync_state: Arc::clone(journal.sync_state()) };
        let mut log = Self { head, stored: Some(known), ..Self::new(epoch) };
        log.restore_entries(restored, &stored, settings);
        log.keep_within(settings.bytes);
        Ok((log, journal))
    }

    fn restore_entries<'a>(
        &mut self,
        restored: RecoveredLog,
        stored: &dyn Fn(&Topic) -> Option<(usize, &'a TopicPolicy)>,
        settings: &Settings,
    ) {
        let now = Instant::now();
        let reading = ClockReading::at(now, &*settings.clock);
        let mut evicted_watermark = restored.evicted_watermark;
        for (name, recovered) in restored.topics {
            let Some(policy) = stored(&name) else { continue };
            if recovered.entries.is_empty() && self.len() >= settings.topics {
                evicted_watermark = evicted_watermark.max(recovered.evicted_through);
                continue;
            }
            let slot = self.declare(&name, policy);
            let topic = &mut self.topics[slot];
            topic.restore_entries(recovered, self.epoch, reading);
            topic.evict(now);
            self.size.change(super::Size::default(), topic.size());
        }
        // Only now: what is known of a topic is more exact than what is known of those that were forgotten.
        self.evicted_watermark = evicted_watermark;
    }

    /// The longest payload that the journal takes for a topic; `None` where it takes none at all.
    pub(crate) fn longest_stored(&self, slot: usize) -> Option<usize> {
        let name = &self.topics[slot].state.name;
        let stored = self.stored.as_ref().filter(|_| self.is_stored(slot))?;
        Some(stored.bounds.longest.saturating_sub(weight(name, 0)))
    }

    /// The number that the next entry of a stored topic may get, `ahead` of the next that is free; and what the topic has lost,
    /// where nothing in the journal would prove it.
    pub(crate) fn propose_seq(&self, slot: usize, ahead: u64) -> (Seq, Option<Seq>) {
        let topic = &self.topics[slot];
        // Taken over from topics that were forgotten, which nothing in the files of this one would prove.
        let inherited = topic.newest == Seq::START && topic.evicted_through > Seq::START;
        (Seq(self.head.next().0.saturating_add(ahead)), inherited.then_some(topic.evicted_through))
    }

    /// Returns the live entries of a segment, of the topics that have records in it.
    pub(crate) fn live_entries_in(&self, segment: u64, listed: &[Topic]) -> LiveEntries {
        let known = listed.iter().filter_map(|name| self.find(name.as_str()));
        let of = |topic: &TopicLog| LiveTopic {
            name: topic.state.name.clone(),
            evicted_through: topic.evicted_through,
            entries: topic.live_entries_in(segment),
        };
        LiveEntries { evicted_watermark: self.evicted_watermark, topics: known.map(of).collect() }
    }

    /// Reports that a segment has live entries of the topics that have records in it.
    pub(crate) fn has_live_entries_in(&self, segment: u64, listed: &[Topic]) -> bool {
        let mut known = listed.iter().filter_map(|name| self.find(name.as_str()));
        known.any(|topic| topic.has_live_entries_in(segment))
    }

    /// Entries of a topic were written again, each to this segment.
    pub(crate) fn relocated(&mut self, name: &Topic, to: &[(Seq, u64)]) {
        if let Some(&slot) = self.names.get(name) {
            self.topics[slot].relocated(to);
        }
    }
}

/// The segments in which entries are now, by topic.
pub(crate) type Relocations = Vec<(Topic, Vec<(Seq, u64)>)>;

/// The live entries of a segment.
#[derive(Debug)]
pub(crate) struct LiveEntries {
    evicted_watermark: Seq,
    topics: Vec<LiveTopic>,
}

#[derive(Debug)]
struct LiveTopic {
    name: Topic,
    evicted_through: Seq,
    entries: Vec<Arc<Publication>>,
}

impl LiveEntries {
    /// Writes it behind the newest records. Returns where each entry is now.
    pub(crate) fn write(&self, journal: &mut Journal, clock: &dyn Clock) -> io::Result<Relocations> {
        let reading = ClockReading::at(Instant::now(), clock);
        journal.note_evicted_watermark(self.evicted_watermark)?;
        let mut relocated = Vec::new();
        for LiveTopic { name, evicted_through, entries } in &self.topics {
            if *evicted_through > Seq::START {
                journal.note_evicted(name, *evicted_through)?;
            }
            let mut places = Vec::with_capacity(entries.len());
            for entry in entries {
                let Publication { cursor, data, taken_at, key, .. } = &**entry;
                let at_ms = reading.millis(*taken_at);
                let entry = Entry { topic: name, seq: cursor.seq, at_ms, data, key: key.as_ref() };
                places.push((cursor.seq, journal.write(entry)?));
            }
            relocated.push((name.clone(), places));
        }
        Ok(relocated)
    }
}

impl TopicLog {
    fn restore_entries(&mut self, recovered: RecoveredTopic, epoch: Epoch, reading: ClockReading) {
        self.evicted_through = recovered.evicted_through;
        self.newest = recovered.evicted_through;
        for RecoveredEntry { seq, at_ms, segment, data, key } in recovered.entries {
            let cursor = Cursor::new(epoch, seq);
            let entry = Publication::new(cursor, self.state.name.clone(), data, reading.instant(at_ms), key);
            self.push(Arc::new(entry), segment);
        }
    }
}
