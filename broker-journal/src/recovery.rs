//! Reading back what the last life left.

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
};

use broker::IdempotencyKey;
use bytes::Bytes;
use common::{Seq, Topic};

use crate::{
    error::JournalError,
    record::{Record, RecordKind, Stop},
    segment::Segment,
};

/// All that the segments say.
#[derive(Debug, Default)]
pub(crate) struct RecoveredLog {
    pub(crate) topics: HashMap<Topic, RecoveredTopic>,
    /// Topics are forgotten that had lost entries up to here.
    pub(crate) evicted_watermark: Seq,
    /// The greatest number that was seen.
    pub(crate) last: Seq,
    /// Entries may be missing, and no one can say which.
    pub(crate) damaged: bool,
    /// A record at the very end was not written whole.
    pub(crate) torn: bool,
    pub(crate) segments: VecDeque<Segment>,
}

/// The entries of a topic that were recovered, and what it has lost.
#[derive(Debug, Default)]
pub(crate) struct RecoveredTopic {
    /// The entries in the log's order, all behind `evicted_through`.
    pub(crate) entries: Vec<RecoveredEntry>,
    /// Every entry up to here is gone.
    pub(crate) evicted_through: Seq,
}

/// An entry as it was written.
#[derive(Debug)]
pub(crate) struct RecoveredEntry {
    pub(crate) seq: Seq,
    /// The time at which the log took it in, milliseconds since 1970.
    pub(crate) at_ms: u64,
    /// The segment that holds it.
    pub(crate) segment: u64,
    pub(crate) data: Bytes,
    /// The key that its publisher gave it.
    pub(crate) key: Option<IdempotencyKey>,
}

/// Reads all segments. `keeps` says how many entries of a topic are wanted at most, `None` if the topic is not kept
/// any more: what is over goes at once, so that reading takes no more memory than the log.
pub(crate) fn read(
    dir: &Path,
    keeps: &dyn Fn(&Topic) -> Option<usize>,
) -> Result<RecoveredLog, JournalError> {
    let mut restored = RecoveredLog::default();
    let found = Segment::all(dir).map_err(JournalError::io(dir))?;
    let newest = found.last().map_or(0, |segment| segment.id);
    for mut segment in found {
        if restored.segments.back().is_some_and(|before| before.id + 1 != segment.id) {
            tracing::warn!(path = %segment.path.display(), "a part of the log before this one is missing");
            restored.damaged = true;
        }
        let (id, mut touched) = (segment.id, HashMap::new());
        let (stop, lost) = segment
            .read(|record| restored.take(record, id, &mut touched))
            .map_err(JournalError::io(&segment.path))?;
        let path = segment.path.display();
        match stop {
            Stop::End => {}
            Stop::Torn if segment.id == newest => {
                tracing::info!(%path, bytes = lost, "cut off a record that was not written whole");
                restored.torn = true;
            }
            Stop::Torn | Stop::Damaged => {
                tracing::warn!(%path, bytes = lost, "a part of the log is damaged; its rest is lost");
                restored.damaged = true;
            }
        }
        for topic in touched.into_values() {
            restored.trim(&topic, keeps(&topic));
            segment.topics.push(topic);
        }
        restored.segments.push_back(segment);
    }
    Ok(restored)
}

impl RecoveredLog {
    pub(crate) fn take(&mut self, record: Record<'_>, segment: u64, touched: &mut HashMap<String, Topic>) {
        self.last = self.last.max(record.seq);
        if record.kind == RecordKind::Forgotten {
            self.evicted_watermark = self.evicted_watermark.max(record.seq);
            return;
        }
        let topic = match touched.get(record.topic) {
            Some(topic) => topic,
            None => {
                let Ok(topic) = record.topic.parse::<Topic>() else {
                    tracing::warn!(topic = record.topic, "the log names a topic that is none");
                    self.damaged = true;
                    return;
                };
                touched.entry(record.topic.to_owned()).or_insert(topic)
            }
        };
        let recovered = match self.topics.get_mut(topic) {
            Some(recovered) => recovered,
            None => self.topics.entry(topic.clone()).or_default(),
        };
        match record.kind {
            RecordKind::Entry | RecordKind::Keyed => {
                let (key, data) = match record.kind {
                    RecordKind::Keyed => match IdempotencyKey::split(record.data) {
                        Some((key, data)) => (Some(key), data),
                        None => {
                            self.damaged = true;
                            return;
                        }
                    },
                    _ => (None, record.data),
                };
                let data = Bytes::copy_from_slice(data);
                recovered.entries.push(RecoveredEntry {
                    seq: record.seq,
                    at_ms: record.at_ms,
                    segment,
                    data,
                    key,
                });
            }
            _ => recovered.evicted_through = recovered.evicted_through.max(record.seq),
        }
    }

    /// Puts a topic's entries in order, each once, and lets go of those that it keeps no more. Entries carried forward
    /// stand behind newer ones, and twice if the process ended before their old segment was taken away.
    pub(crate) fn trim(&mut self, topic: &Topic, keeps: Option<usize>) {
        let Some(recovered) = self.topics.get_mut(topic) else { return };
        let entries = &mut recovered.entries;
        entries.sort_by_key(|entry| (entry.seq, std::cmp::Reverse(entry.segment)));
        entries.dedup_by_key(|entry| entry.seq);
        let Some(keeps) = keeps else {
            let newest = entries.last().map_or(Seq::START, |entry| entry.seq);
            self.evicted_watermark = self.evicted_watermark.max(newest).max(recovered.evicted_through);
            self.topics.remove(topic);
            return;
        };
        let over = entries.len().saturating_sub(keeps);
        if let Some(evicted) = entries.drain(..over).next_back() {
            recovered.evicted_through = recovered.evicted_through.max(evicted.seq);
        }
        entries.retain(|entry| entry.seq > recovered.evicted_through);
    }
}
