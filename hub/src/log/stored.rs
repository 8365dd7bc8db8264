//! What a log with a journal does besides: writing before an entry is visible, carrying forward, coming back.

use std::{io, sync::Arc};

use common::{Cursor, Epoch, Seq, Topic};
use tokio::time::Instant;

use super::{Log, TopicLog, wall::Wall};
use crate::{
    hub::Settings,
    journal::{Entry, Journal, JournalError, JournalSettings, Restored, Shared, Trace, Traces},
    publication::Publication,
    rule::{Kind, Rule},
};

impl Log {
    /// The log that a journal holds.
    pub(crate) fn open(settings: &Settings, stored_in: &JournalSettings) -> Result<Self, JournalError> {
        let rule = |topic: &Topic| settings.rules.iter().find(|rule| rule.pattern.matches(topic));
        let stored = |topic: &Topic| rule(topic).filter(|rule| rule.kind == Kind::Log);
        let keeps = |topic: &Topic| stored(topic).map(|rule| rule.retention.entries.max(1));
        let (journal, restored) = Journal::open(stored_in, settings.epoch, &keeps)?;
        let Cursor { epoch, seq: head } = journal.place();
        let mut log = Self { head, journal: Some(journal), ..Self::new(epoch) };
        log.take_back(restored, &stored, settings.topics);
        log.keep_within(settings.bytes);
        if let Err(error) = log.keep_the_ring_short(Instant::now()) {
            tracing::warn!(%error, "the stored log is longer than it should be, and cannot be made shorter now");
        }
        Ok(log)
    }

    fn take_back<'a>(
        &mut self,
        restored: Restored,
        stored: &dyn Fn(&Topic) -> Option<&'a Rule>,
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
        let state = &self.topics[slot].state;
        self.journal.as_ref().filter(|_| state.kind == Kind::Log).map(|journal| journal.longest(&state.name))
    }

    /// Reserves the number and, if its topic is stored, writes the entry. Returns the segment that holds it.
    pub(super) fn store(&mut self, slot: usize, seq: Seq, data: &[u8], now: Instant) -> io::Result<u64> {
        let Some(journal) = &mut self.journal else { return Ok(0) };
        journal.give(seq)?;
        if self.topics[slot].state.kind == Kind::Latest {
            return Ok(0);
        }
        self.keep_the_ring_short(now)?;
        let (Some(journal), topic) = (&mut self.journal, &mut self.topics[slot]) else { return Ok(0) };
        let name = &topic.state.name;
        if topic.newest == Seq::START && topic.evicted_through > Seq::START {
            // Taken over from topics that were forgotten, which nothing in the files of this one would prove.
            journal.note_evicted(name, topic.evicted_through, &mut topic.listed)?;
        }
        let entry = Entry { topic: name, seq, at_ms: Wall::at(now).millis(now), data };
        journal.write(entry, &mut topic.listed)
    }

    /// Carries forward while there are too many segments. Usually that is one, once in a segment. If all of it lives,
    /// the next publication carries the next one, so that none waits long; only a ring that would outgrow its bound
    /// has more carried at once, and never more than once around.
    fn keep_the_ring_short(&mut self, now: Instant) -> io::Result<()> {
        let over = |log: &Self| log.journal.as_ref().map_or(0, Journal::over);
        if over(self) == 0 {
            return Ok(());
        }
        for _ in 0..self.journal.as_ref().map_or(0, Journal::segments) {
            self.carry_forward(now)?;
            if over(self) <= 1 {
                break;
            }
        }
        Ok(())
    }

    /// Takes the oldest segment away if nothing in it lives any more. To be called now and then.
    pub(crate) fn sweep_journal(&mut self, now: Instant) -> io::Result<()> {
        let Some((oldest, listed)) = self.journal.as_ref().and_then(Journal::oldest) else { return Ok(()) };
        let lives = |name: &Topic| self.find(name.as_str()).is_some_and(|topic| topic.lives_in(oldest));
        if listed.iter().any(lives) { Ok(()) } else { self.carry_forward(now) }
    }

    /// Writes what lives in the oldest segment behind the newest records, and takes the segment away.
    fn carry_forward(&mut self, now: Instant) -> io::Result<()> {
        let Self { journal: Some(journal), topics, names, .. } = self else { return Ok(()) };
        let Some((oldest, listed)) = journal.oldest() else { return Ok(()) };
        let listed = listed.to_vec();
        journal.note_forgotten(self.forgotten_through)?;
        for name in &listed {
            if let Some(&slot) = names.get(name) {
                topics[slot].carry(journal, oldest, Wall::at(now))?;
            }
        }
        journal.drop_oldest();
        Ok(())
    }

    /// What waits for the disk; none without a journal.
    pub(crate) fn journal(&self) -> Option<&Arc<Shared>> {
        self.journal.as_ref().map(Journal::shared)
    }
}

impl TopicLog {
    fn take_back(&mut self, traces: Traces, epoch: Epoch, wall: Wall) {
        self.evicted_through = traces.evicted_through;
        self.newest = traces.evicted_through;
        for Trace { seq, at_ms, segment, data } in traces.entries {
            let cursor = Cursor { epoch, seq };
            let entry = Publication::new(cursor, self.state.name.clone(), data, wall.instant(at_ms));
            self.push(Arc::new(entry), segment);
        }
    }
}
