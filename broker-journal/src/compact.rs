//! Compaction: the oldest segment is taken away once what lives in it is written again behind the newest records.

use std::io;

use broker::{Clock, local::Index};
use common::{Seq, Topic};
use tokio::time::Instant;

use crate::{
    clock_reading::ClockReading,
    segments::{Entry, Journal},
    state::Inner,
};

/// Compacts while there are too many segments. Usually that is one, once in a segment. If all of its entries are
/// live, the next publication compacts the next segment, so that no publication waits long. Only a journal that
/// would outgrow its bound compacts several at once, and each of them once at most.
pub(crate) fn compact(log: &Inner, journal: &mut Journal) -> io::Result<()> {
    if journal.over() == 0 {
        return Ok(());
    }
    for _ in 0..journal.segments() {
        compact_oldest(log, journal)?;
        if journal.over() <= 1 {
            break;
        }
    }
    Ok(())
}

pub(crate) fn enforce_segment_limit(log: &Inner) -> io::Result<()> {
    compact(log, &mut log.journal.lock())
}

/// Takes the oldest segment away if nothing in it lives any more. To be called now and then.
pub(crate) fn sweep(log: &Inner) -> io::Result<()> {
    // A publisher compacts as well when there is need.
    let Some(mut journal) = log.journal.try_lock() else { return Ok(()) };
    {
        let order = log.order.lock();
        // The journal of a closed log is ended: nothing more will be written.
        if order.is_closed() {
            return Ok(());
        }
        let Some((oldest, listed)) = journal.oldest() else { return Ok(()) };
        let mut known = listed.iter().filter_map(|name| order.index.topic(name));
        if known.any(|topic| topic.entries().iter().any(|kept| kept.segment == oldest)) {
            return Ok(());
        }
    }
    compact_oldest(log, &mut journal)
}

/// Writes what lives in the oldest segment behind the newest records, and takes the segment away.
fn compact_oldest(log: &Inner, journal: &mut Journal) -> io::Result<()> {
    let Some((oldest, listed)) = journal.oldest() else { return Ok(()) };
    let live = LiveEntries::of(&log.order.lock().index, oldest, listed);
    let relocated = live.write(journal, &*log.settings.clock)?;
    let mut order = log.order.lock();
    relocated.iter().for_each(|(name, to)| order.index.relocated(name, to));
    drop(order);
    journal.drop_oldest();
    Ok(())
}

/// The segments in which entries are now, by topic.
type Relocations = Vec<(Topic, Vec<(Seq, u64)>)>;

/// The live entries of a segment.
#[derive(Debug)]
struct LiveEntries {
    evicted_watermark: Seq,
    topics: Vec<LiveTopic>,
}

#[derive(Debug)]
struct LiveTopic {
    name: Topic,
    evicted_through: Seq,
    entries: Vec<broker::Entry>,
}

impl LiveEntries {
    /// Returns the live entries of a segment, of the topics that have records in it.
    fn of(index: &Index, segment: u64, listed: &[Topic]) -> Self {
        let live = |name: &Topic| {
            let topic = index.topic(name)?.entries();
            let entries = topic.iter().filter(|kept| kept.segment == segment).map(|kept| kept.entry.clone());
            let (evicted_through, entries) = (topic.evicted_through(), entries.collect());
            Some(LiveTopic { name: name.clone(), evicted_through, entries })
        };
        Self { evicted_watermark: index.forgotten(), topics: listed.iter().filter_map(live).collect() }
    }

    /// Writes it behind the newest records. Returns where each entry is now.
    fn write(&self, journal: &mut Journal, clock: &dyn Clock) -> io::Result<Relocations> {
        let reading = ClockReading::at(Instant::now(), clock);
        journal.note_evicted_watermark(self.evicted_watermark)?;
        let mut relocated = Vec::new();
        for LiveTopic { name, evicted_through, entries } in &self.topics {
            if *evicted_through > Seq::START {
                journal.note_evicted(name, *evicted_through)?;
            }
            let mut places = Vec::with_capacity(entries.len());
            for entry in entries {
                let broker::Entry { cursor, data, taken_at, key, .. } = entry;
                let at_ms = reading.millis(*taken_at);
                let entry = Entry { topic: name, seq: cursor.seq, at_ms, data, key: key.as_ref() };
                places.push((cursor.seq, journal.write(entry)?));
            }
            relocated.push((name.clone(), places));
        }
        Ok(relocated)
    }
}
