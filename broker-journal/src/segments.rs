//! The list of segments: the newest is written to, the oldest is deleted.

use std::{
    collections::{HashSet, VecDeque},
    fs::{DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::PathBuf,
    sync::Arc,
};

use broker::IdempotencyKey;
use common::{Cursor, Epoch, Seq, Topic};

use crate::{
    error::JournalError,
    head::{Head, HeadRecord, LastShutdown},
    lock::lock,
    record::{self, Record, RecordKind},
    recovery::{self, RecoveredLog},
    segment::{MAGIC, Segment, Tail},
    settings::JournalSettings,
    sync::{SyncState, Syncer},
};

/// The longest record that counts as a short write, bytes.
const SHORT: usize = 64 * 1024;
/// The sequence numbers that entries in memory only may take while one record is written, without a new block.
const SPARE: u64 = 4096;

#[derive(Debug)]
pub(crate) struct Journal {
    dir: PathBuf,
    /// The longest that a segment may become, bytes.
    segment: u64,
    /// The number of segments above which the oldest is compacted. Beside them there may be one that is being filled,
    /// one that compaction began, and one that waits for the disk before it is deleted.
    most: usize,
    /// The bytes that the log may hold of entries that are written here.
    room: usize,
    head: Arc<Head>,
    /// Oldest first; their numbers have no holes.
    segments: VecDeque<Segment>,
    /// The newest segment, open for writing; `None` until something is written.
    tail: Option<Tail>,
    next_id: u64,
    /// The topics that have records in the segment that is written to.
    listed: HashSet<Topic>,
    /// The segment that last got the note of what forgotten topics had lost, and the note.
    noted: (u64, Seq),
    /// One record, made here so that it is written at once.
    scratch: Vec<u8>,
    syncer: Syncer,
}

/// The bounds that the journal sets for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The bytes that the log may hold of entries that are written to the journal.
    pub(crate) room: usize,
    /// The bytes that one entry may take.
    pub(crate) longest: usize,
}

/// An entry to write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) topic: &'a Topic,
    pub(crate) seq: Seq,
    /// The time at which the log took it in, milliseconds since 1970.
    pub(crate) at_ms: u64,
    pub(crate) data: &'a [u8],
    /// The key that its publisher gave it.
    pub(crate) key: Option<&'a IdempotencyKey>,
}

impl Journal {
    /// Opens or makes the journal of a folder, and tells what it held. `epoch` is that of a new life, should there be
    /// reason for one; `keeps` is how many entries of a topic the log wants, `None` for topics that it does not store.
    pub(crate) fn open(
        settings: &JournalSettings,
        epoch: Epoch,
        keeps: &dyn Fn(&Topic) -> Option<usize>,
    ) -> Result<(Self, RecoveredLog), JournalError> {
        let dir = &settings.dir;
        let io = |error| JournalError::io(dir)(error);
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(io)?;
        let lock = lock(dir)?;
        let found = Head::find(dir).map_err(io)?;
        let mut restored = recovery::read(dir, keeps)?;
        let place = place(found, &restored, epoch);
        let head = Arc::new(Head::open(dir, place).map_err(io)?);
        let syncer = Syncer::start(File::open(dir).map_err(io)?, Arc::clone(&head), lock).map_err(io)?;
        let segments = std::mem::take(&mut restored.segments);
        let segment = settings.segment.min(settings.bytes / 8).max(1);
        let journal = Self {
            dir: dir.clone(),
            segment,
            most: usize::try_from(settings.bytes / segment).unwrap_or(usize::MAX).saturating_sub(3),
            room: usize::try_from(settings.bytes / 2).unwrap_or(usize::MAX),
            head,
            next_id: segments.back().map_or(1, |newest| newest.id + 1),
            segments,
            tail: None,
            listed: HashSet::new(),
            noted: (0, Seq::START),
            scratch: Vec::new(),
            syncer,
        };
        Ok((journal, restored))
    }

    /// The log's epoch, and the place behind which the next number is given.
    pub(crate) fn place(&self) -> Cursor {
        self.head.place()
    }

    /// Returns the bounds that the journal sets for the log.
    pub(crate) fn bounds(&self) -> Bounds {
        let segment = usize::try_from(self.segment).unwrap_or(usize::MAX);
        Bounds { room: self.room, longest: segment.saturating_sub(MAGIC.len()) }
    }

    /// Returns the state of what still has to reach the disk.
    pub(crate) fn sync_state(&self) -> &Arc<SyncState> {
        self.syncer.sync_state()
    }

    /// Writes an entry and returns the segment that it is in.
    pub(crate) fn write(&mut self, entry: Entry<'_>) -> io::Result<u64> {
        let Entry { topic, seq, at_ms, data, key } = entry;
        let record = Record { kind: RecordKind::Entry, seq, at_ms, topic: topic.as_str(), data };
        let segment = match key {
            None => self.append(record)?,
            Some(key) => {
                let data = [&[key.length()], key.as_str().as_bytes(), data].concat();
                self.append(Record { kind: RecordKind::Keyed, data: &data, ..record })?
            }
        };
        self.list(topic);
        Ok(segment)
    }

    /// Takes back the entry that was written last.
    pub(crate) fn retract(&mut self) {
        if let Some(tail) = &mut self.tail {
            tail.retract();
        }
    }

    /// Notes that the topic has lost everything up to `seq`.
    pub(crate) fn note_evicted(&mut self, topic: &Topic, seq: Seq) -> io::Result<()> {
        self.append(Record { kind: RecordKind::Evicted, seq, at_ms: 0, topic: topic.as_str(), data: &[] })?;
        self.list(topic);
        Ok(())
    }

    /// Notes that forgotten topics had lost entries up to `seq`, unless the newest segment says so already.
    pub(crate) fn note_evicted_watermark(&mut self, seq: Seq) -> io::Result<()> {
        let known = self.segments.back().is_some_and(|newest| self.noted == (newest.id, seq));
        if seq > Seq::START && !known {
            let segment =
                self.append(Record { kind: RecordKind::Forgotten, seq, at_ms: 0, topic: "", data: &[] })?;
            self.noted = (segment, seq);
        }
        Ok(())
    }

    /// The oldest segment and who has records in it, where there is a newer one to carry them to.
    pub(crate) fn oldest(&self) -> Option<(u64, &[Topic])> {
        let oldest = self.segments.front().filter(|_| self.segments.len() > 1 || self.tail.is_none())?;
        Some((oldest.id, &oldest.topics))
    }

    /// Returns the number of segments above the limit.
    pub(crate) fn over(&self) -> usize {
        self.segments.len().saturating_sub(self.most)
    }

    /// Reports that an entry of this weight takes one short write: no segment is made or compacted and no sequence
    /// number reserved.
    pub(crate) fn appends_cheaply(&self, weight: usize) -> bool {
        // A note of what its topic has lost may go before it, and is never longer than it.
        let room = |tail: &Tail| tail.is_whole() && !tail.is_full(2 * weight, self.segment);
        weight <= SHORT
            && self.over() == 0
            && self.head.left() > SPARE
            && self.tail.as_ref().is_some_and(room)
    }

    /// Returns the number of segments.
    pub(crate) fn segments(&self) -> usize {
        self.segments.len()
    }

    /// Takes the oldest segment away: nothing in it is needed any more.
    pub(crate) fn drop_oldest(&mut self) {
        if let Some(oldest) = self.segments.pop_front() {
            self.sync_state().delete_after_sync(oldest.path);
        }
    }

    fn append(&mut self, record: Record<'_>) -> io::Result<u64> {
        if let Some(failed) = self.sync_state().failed() {
            return Err(failed.into());
        }
        let length = record.length();
        if self.tail.as_ref().is_none_or(|tail| tail.is_full(length, self.segment)) {
            let create = || Segment::create(&self.dir, self.next_id);
            let (segment, tail) = self.sync_state().pending_io().track(create)?;
            self.sync_state().track_file(Arc::clone(&tail.file));
            self.next_id += 1;
            self.segments.push_back(segment);
            self.listed.clear();
            self.tail = Some(tail);
        }
        let (Some(tail), Some(newest)) = (&mut self.tail, self.segments.back()) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        self.scratch.clear();
        record.encode(&mut self.scratch);
        self.syncer.sync_state().pending_io().track(|| tail.write(&self.scratch))?;
        let id = newest.id;
        self.sync_state().record_written();
        Ok(id)
    }

    fn list(&mut self, topic: &Topic) {
        if self.listed.contains(topic) {
            return;
        }
        if let Some(newest) = self.segments.back_mut() {
            newest.topics.push(topic.clone());
            self.listed.insert(topic.clone());
        }
    }
}

/// Returns the bytes that an entry takes in a segment.
pub(crate) fn weight(topic: &Topic, data: usize) -> usize {
    record::OVERHEAD + topic.as_str().len() + data
}

/// Finds the cursor from which the log goes on. The epoch stays, unless entries may be missing and no one can say
/// which; sequence numbers stay in either case.
fn place(found: Option<HeadRecord>, restored: &RecoveredLog, epoch: Epoch) -> Cursor {
    let Some(HeadRecord { place, end }) = found else {
        if !restored.segments.is_empty() {
            tracing::warn!("the log's head is missing or damaged: what is left begins a new life");
        }
        return Cursor::new(epoch, restored.last);
    };
    if end == LastShutdown::PowerCut {
        tracing::warn!("the machine went down while the log was open: its last second may be lost");
    }
    // A torn record was being written when the process was killed, and no reader has seen it. A closed log has no
    // torn record.
    let whole =
        !restored.damaged && end != LastShutdown::PowerCut && !(restored.torn && end == LastShutdown::Closed);
    let seq = place.seq.max(restored.last);
    if whole {
        return Cursor { seq, ..place };
    }
    let epoch = epoch.max(Epoch(place.epoch.0.saturating_add(1)));
    Cursor::new(epoch, seq)
}
