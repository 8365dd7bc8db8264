//! A subscriber that records what it is told, and holds it against the contract.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use common::{Cursor, Epoch, Seq, Topic};
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::{Appended, Entry, PublishError, Subscriber};

/// An entry as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place.
    pub cursor: Cursor,
    /// Its topic.
    pub topic: Topic,
    /// Its payload.
    pub data: Bytes,
    /// Its key.
    pub key: Option<String>,
}

/// Everything that a subscriber was told in the log's present life.
#[derive(Debug, Default, Clone)]
pub struct Recording {
    /// Entries, in the order in which they were told.
    pub entries: Vec<Recorded>,
    /// The ends of what topics lost.
    pub evicted: HashMap<Topic, Seq>,
    /// The end of what topics lost that nobody names.
    pub forgotten: Seq,
    /// The lives that began while it was told.
    pub resets: Vec<Epoch>,
    /// The changes of presence, by topic.
    pub presence: HashMap<Topic, u64>,
    /// Promises that were broken.
    pub broken: Vec<String>,
    /// Calls to `wake`.
    pub wakes: u64,
    last: Option<Cursor>,
}

impl Recording {
    /// The payloads of a topic, as text.
    #[must_use]
    pub fn texts(&self, topic: &Topic) -> Vec<String> {
        self.entries
            .iter()
            .filter(|entry| &entry.topic == topic)
            .map(|entry| String::from_utf8_lossy(&entry.data).into_owned())
            .collect()
    }
}

/// A subscriber that records.
#[derive(Debug)]
pub struct Recorder {
    recording: Mutex<Recording>,
    changed: watch::Sender<u64>,
}

impl Recorder {
    /// Makes one.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { recording: Mutex::default(), changed: watch::channel(0).0 })
    }

    /// Returns what was recorded so far.
    ///
    /// # Panics
    /// When a promise of the contract was broken.
    #[must_use]
    pub fn recording(&self) -> Recording {
        let recording = self.recording.lock().clone();
        assert_eq!(recording.broken, Vec::<String>::new(), "promises were broken");
        recording
    }

    /// Waits until the recording satisfies a condition.
    pub async fn wait_for(&self, condition: impl Fn(&Recording) -> bool) -> Recording {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            let recording = self.recording();
            if condition(&recording) {
                return recording;
            }
            // The sender is here, so it cannot be gone.
            let _ = changed.changed().await;
        }
    }

    fn record(&self, note: impl FnOnce(&mut Recording)) {
        note(&mut self.recording.lock());
        self.changed.send_modify(|changes| *changes += 1);
    }
}

impl Subscriber for Recorder {
    fn forgotten(&self, through: Seq) {
        self.record(|recording| recording.forgotten = recording.forgotten.max(through));
    }

    fn evicted(&self, topic: &Topic, through: Cursor) {
        self.record(|recording| {
            let known = recording.evicted.entry(topic.clone()).or_default();
            *known = through.seq.max(*known);
        });
    }

    fn append(&self, entry: Entry) -> Result<Appended, PublishError> {
        let place = entry.cursor.seq;
        self.record(|recording| {
            let Entry { cursor, topic, data, key, .. } = entry;
            if let Some(last) = recording.last {
                let new_life = cursor.epoch != last.epoch;
                if new_life && recording.resets.last() != Some(&cursor.epoch) {
                    recording.broken.push(format!("{cursor} follows {last} without a reset"));
                }
                if !new_life && (!cursor.covers(last) || cursor == last) {
                    recording.broken.push(format!("{cursor} follows {last}"));
                }
            }
            recording.last = Some(cursor);
            let key = key.map(|key| key.as_str().to_owned());
            recording.entries.push(Recorded { cursor, topic, data, key });
        });
        Ok(Appended { slot: 0, place })
    }

    fn wake(&self, _: Appended) {
        self.record(|recording| recording.wakes += 1);
    }

    fn reset(&self, epoch: Epoch) {
        self.record(|recording| {
            if recording.last.is_some_and(|last| last.epoch >= epoch) {
                recording.broken.push(format!("the life {epoch:?} follows {:?}", recording.last));
            }
            let resets = std::mem::take(&mut recording.resets);
            let broken = std::mem::take(&mut recording.broken);
            *recording = Recording {
                resets: resets.into_iter().chain([epoch]).collect(),
                broken,
                presence: std::mem::take(&mut recording.presence),
                ..Recording::default()
            };
        });
    }

    fn presence_changed(&self, topic: &Topic) {
        self.record(|recording| *recording.presence.entry(topic.clone()).or_default() += 1);
    }
}
