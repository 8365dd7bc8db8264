//! The log at a start: the journal's entries become its index.

use std::sync::Arc;

use broker::{
    Entry as LogEntry,
    local::{Index, IndexBounds, IndexedEntry, Order},
    policy_of,
};
use common::{Cursor, Topic};
use tokio::time::Instant;

use crate::{
    clock_reading::ClockReading,
    error::JournalError,
    record,
    recovery::{RecoveredEntry, RecoveredTopic},
    segments::Journal,
    settings::{JournalSettings, LogSettings},
};

/// Opens the journal, and restores the log that it holds.
pub(crate) fn restore(
    settings: &LogSettings,
    stored_in: &JournalSettings,
) -> Result<(Order, Journal), JournalError> {
    let keeps = |topic: &Topic| {
        let stored = policy_of(&settings.policies, topic).filter(|(_, policy)| policy.kind.is_stored());
        stored.map(|(_, policy)| policy.retention.entries.max(1))
    };
    let (journal, recovered) = Journal::open(stored_in, settings.epoch, &keeps)?;
    let head = journal.place();
    let bounds = IndexBounds {
        bytes: settings.bytes,
        stored: journal.bounds().room,
        overhead: record::OVERHEAD,
        topics: settings.topics,
    };
    let mut index = Index::new(Arc::clone(&settings.policies), bounds);
    let now = Instant::now();
    let reading = ClockReading::at(now, &*settings.clock);
    for (name, RecoveredTopic { entries, evicted_through }) in recovered.topics {
        let entries = entries.into_iter().map(|entry| indexed(entry, &name, head, reading)).collect();
        index.restore(&name, evicted_through, entries, now);
    }
    // Only now: what is known of a topic is more exact than what is known of those that were forgotten.
    index.forget_through(recovered.evicted_watermark);
    Ok((Order::new(head, index), journal))
}

fn indexed(entry: RecoveredEntry, topic: &Topic, head: Cursor, reading: ClockReading) -> IndexedEntry {
    let RecoveredEntry { seq, at_ms, segment, data, key } = entry;
    let (cursor, topic, taken_at) = (Cursor::new(head.epoch, seq), topic.clone(), reading.instant(at_ms));
    IndexedEntry { entry: LogEntry { cursor, topic, data, key, taken_at }, segment }
}
