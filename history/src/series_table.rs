//! The table of series, with their heads.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    error::HistoryError,
    head::{FlushingHeads, HeadBytes, SeriesEntry},
    journal::JournalRecords,
    resolution::Resolution,
    sample::Sample,
    series::{Pushed, Series, SeriesSummary},
};

/// The most bytes of a key.
pub(crate) const LONGEST_KEY: usize = 1_024;
const MINUTE: i64 = 60_000;
/// The bytes of a series' name in a file, beside its key.
const AROUND_KEY: u64 = 48;

/// Every series, with its head.
#[derive(Debug, Default)]
pub(crate) struct SeriesTable {
    /// By their handles. A series that was forgotten leaves a gap.
    entries: Vec<Option<SeriesEntry>>,
    by_key: HashMap<Arc<[u8]>, u32>,
    /// Those that have bytes which are not in the journal.
    dirty: Vec<u32>,
    /// Those of which the journal does not know the name.
    unnamed: Vec<u32>,
    /// The number that the next new series gets: none is given twice.
    pub(crate) next_id: u32,
    names_bytes: u64,
    /// The bytes of all heads.
    pub(crate) head_bytes: usize,
    /// No sample of a head is earlier.
    heads_first: Option<i64>,
}

/// Handles whose heads a commit writes, and the lengths up to which.
pub(crate) type Staged = Vec<(u32, [usize; 2])>;

impl SeriesTable {
    /// The series of a key; it is made if it is new, within these bounds.
    pub(crate) fn register(
        &mut self,
        key: &[u8],
        resolution: Resolution,
        most: usize,
        most_bytes: u64,
    ) -> Result<Series, HistoryError> {
        if let Some(handle) = self.by_key.get(key) {
            let kept = self.entry(Series(*handle))?.resolution;
            if kept < resolution {
                return Err(HistoryError::Resolution { kept: kept.get(), wanted: resolution.get() });
            }
            return Ok(Series(*handle));
        }
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(HistoryError::BadKey { length: key.len(), most: LONGEST_KEY });
        }
        let next = self.next_id.checked_add(1);
        let Some(next) = next.filter(|_| self.by_key.len() < most) else {
            return Err(HistoryError::TooManySeries { most });
        };
        if self.names_bytes + key.len() as u64 + AROUND_KEY > most_bytes {
            return Err(HistoryError::TooManyNames { most: most_bytes });
        }
        let series = self.insert(self.next_id, key, resolution, None, None);
        self.next_id = next;
        self.unnamed.push(series.0);
        Ok(series)
    }

    /// Enters a series that a file knows.
    pub(crate) fn insert(
        &mut self,
        id: u32,
        key: &[u8],
        resolution: Resolution,
        first: Option<i64>,
        last: Option<Sample>,
    ) -> Series {
        if let Some(handle) = self.by_key.get(key) {
            return Series(*handle);
        }
        let handle = u32::try_from(self.entries.len()).expect("numbers of series have four bytes");
        let key: Arc<[u8]> = key.into();
        self.by_key.insert(Arc::clone(&key), handle);
        self.names_bytes += key.len() as u64 + AROUND_KEY;
        self.next_id = self.next_id.max(id.saturating_add(1));
        let heads = Default::default();
        self.entries.push(Some(SeriesEntry { id, key, resolution, first, last, heads, is_dirty: false }));
        Series(handle)
    }

    /// Enters a series that an old journal knows, and that the next is to know.
    pub(crate) fn insert_named(&mut self, id: u32, key: &[u8], resolution: Resolution) -> Series {
        // A journal is later than a file of names: the series of this key was forgotten, and made again.
        let older = self.find(key).filter(|series| self.entry(*series).is_ok_and(|entry| entry.id < id));
        if let Some(older) = older {
            self.remove(older.0 as usize);
        }
        let series = self.insert(id, key, resolution, None, None);
        self.unnamed.push(series.0);
        series
    }

    /// Adds a sample to the head of a series.
    pub(crate) fn push(&mut self, series: Series, sample: Sample) -> Result<Pushed, HistoryError> {
        let entry = self.entries.get_mut(series.0 as usize).and_then(Option::as_mut);
        let entry = entry.ok_or(HistoryError::NoSuchSeries)?;
        let last_at = entry.last.map(|last| last.at);
        if last_at == Some(sample.at) {
            return Ok(Pushed::Duplicate);
        }
        let is_late = last_at.is_some_and(|last| sample.at < last);
        let head = &mut entry.heads[usize::from(is_late)];
        let before = head.bytes.len();
        head.push(sample, entry.resolution);
        self.head_bytes += head.bytes.len() - before;
        if !is_late {
            entry.last = Some(Sample { value: entry.resolution.round(sample.value), ..sample });
        }
        entry.first = Some(entry.first.map_or(sample.at, |first| first.min(sample.at)));
        self.heads_first = Some(self.heads_first.map_or(sample.at, |first| first.min(sample.at)));
        if !entry.is_dirty {
            entry.is_dirty = true;
            self.dirty.push(series.0);
        }
        Ok(Pushed::Kept)
    }

    /// Writes what is not in the journal yet as its records.
    pub(crate) fn stage(&mut self, records: &mut JournalRecords) -> Staged {
        for handle in &self.unnamed {
            if let Some(entry) = self.entries.get(*handle as usize).and_then(Option::as_ref) {
                records.name(entry.id, &entry.key, entry.resolution);
            }
        }
        let mut staged = Vec::with_capacity(self.dirty.len());
        for handle in self.dirty.drain(..) {
            let Some(entry) = self.entries.get_mut(handle as usize).and_then(Option::as_mut) else {
                continue;
            };
            entry.is_dirty = false;
            for (head, is_late) in entry.heads.iter().zip([false, true]) {
                if head.committed < head.bytes.len() {
                    records.samples(entry.id, is_late, &head.bytes[head.committed..]);
                }
            }
            staged.push((handle, [0, 1].map(|which: usize| entry.heads[which].bytes.len())));
        }
        records.end();
        staged
    }

    /// Notes that what was staged is in the journal, or that it is not.
    pub(crate) fn settle(&mut self, staged: Staged, names: usize, is_written: bool) {
        if is_written {
            self.named(names);
        }
        for (handle, lengths) in staged {
            let Some(entry) = self.entries.get_mut(handle as usize).and_then(Option::as_mut) else {
                continue;
            };
            if is_written {
                entry.heads.iter_mut().zip(lengths).for_each(|(head, length)| head.committed = length);
            } else if !entry.is_dirty {
                entry.is_dirty = true;
                self.dirty.push(handle);
            }
        }
    }

    /// Notes that the journal knows so many names more.
    pub(crate) fn named(&mut self, names: usize) {
        self.unnamed.drain(..names.min(self.unnamed.len()));
    }

    /// The number of series of which the journal does not know the names.
    pub(crate) fn unnamed(&self) -> usize {
        self.unnamed.len()
    }

    /// Takes all heads out. Everything in them is in the journal.
    pub(crate) fn take_heads(&mut self) -> FlushingHeads {
        let mut heads = Vec::new();
        for entry in self.entries.iter_mut().flatten() {
            let taken = HeadBytes {
                id: entry.id,
                resolution: Some(entry.resolution),
                bytes: std::mem::take(&mut entry.heads).map(|head| head.bytes),
            };
            if !taken.is_empty() {
                heads.push(taken);
            }
        }
        heads.sort_unstable_by_key(|head| head.id);
        self.head_bytes = 0;
        FlushingHeads { heads, first: self.heads_first.take() }
    }

    /// Copies the heads of a series.
    pub(crate) fn heads(&self, series: Series) -> Result<HeadBytes, HistoryError> {
        let entry = self.entry(series)?;
        let bytes = [0, 1].map(|which: usize| entry.heads[which].bytes.clone());
        Ok(HeadBytes { id: entry.id, resolution: Some(entry.resolution), bytes })
    }

    /// Forgets series without a head whose last sample is older than this.
    pub(crate) fn forget(&mut self, oldest: i64) {
        let mut gone = Vec::new();
        for (handle, entry) in self.entries.iter().enumerate() {
            let is_gone = entry.as_ref().is_some_and(|entry| {
                entry.last.is_some_and(|last| last.at < oldest)
                    && entry.heads.iter().all(|head| head.bytes.is_empty())
            });
            gone.extend(is_gone.then_some(handle));
        }
        gone.into_iter().for_each(|handle| self.remove(handle));
    }

    /// Forgets series that never had a sample.
    pub(crate) fn forget_unused(&mut self) {
        for handle in 0..self.entries.len() {
            let entry = self.entries[handle].as_ref();
            if entry.is_some_and(|entry| entry.first.is_none() && entry.last.is_none()) {
                self.remove(handle);
            }
        }
    }

    fn remove(&mut self, handle: usize) {
        if let Some(gone) = self.entries.get_mut(handle).and_then(Option::take) {
            self.by_key.remove(&gone.key);
            self.names_bytes -= gone.key.len() as u64 + AROUND_KEY;
            self.head_bytes -= gone.heads.iter().map(|head| head.bytes.len()).sum::<usize>();
        }
    }

    /// Writes heads anew, in the order of time and each time once, and of all samples the latest that so many bytes hold. Returns the number
    /// of those that went.
    pub(crate) fn rewrite_heads(&mut self, most: usize) -> u64 {
        // Two journals may both have the name of a series.
        self.unnamed.sort_unstable();
        self.unnamed.dedup();
        let mut gone = 0;
        let mut latest = i64::MIN;
        loop {
            let mut minutes: BTreeMap<i64, u64> = BTreeMap::new();
            for handle in 0..self.entries.len() {
                gone += self.rewrite(handle, latest, &mut minutes);
            }
            if self.head_bytes <= most {
                return gone;
            }
            let all: u64 = minutes.values().sum();
            let mut room = (u128::from(all) * most as u128 / self.head_bytes as u128 / 4 * 3) as u64;
            latest = i64::MAX;
            for (minute, count) in minutes.iter().rev() {
                let Some(left) = room.checked_sub(*count) else { break };
                (room, latest) = (left, minute * MINUTE);
            }
        }
    }

    /// Writes the head of a series anew from a time on, and counts its samples by minutes. Returns the number of those that went.
    fn rewrite(&mut self, handle: usize, latest: i64, minutes: &mut BTreeMap<i64, u64>) -> u64 {
        let Some(entry) = self.entries[handle].as_mut() else { return 0 };
        let heads = std::mem::take(&mut entry.heads).map(|head| head.bytes);
        self.head_bytes -= heads.iter().map(Vec::len).sum::<usize>();
        let heads = HeadBytes { id: entry.id, resolution: Some(entry.resolution), bytes: heads };
        let mut samples = Vec::new();
        heads.samples(&mut samples);
        let begin = samples.partition_point(|sample| sample.at < latest);
        for sample in &samples[begin..] {
            entry.heads[0].push(*sample, entry.resolution);
            *minutes.entry(sample.at.div_euclid(MINUTE)).or_default() += 1;
        }
        self.head_bytes += entry.heads[0].bytes.len();
        begin as u64
    }

    pub(crate) fn find(&self, key: &[u8]) -> Option<Series> {
        self.by_key.get(key).copied().map(Series)
    }

    pub(crate) fn entry(&self, series: Series) -> Result<&SeriesEntry, HistoryError> {
        self.entries.get(series.0 as usize).and_then(Option::as_ref).ok_or(HistoryError::NoSuchSeries)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (Series, &SeriesEntry)> {
        (0..).zip(&self.entries).filter_map(|(handle, entry)| Some((Series(handle), entry.as_ref()?)))
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Lists all series. No sample older than this is kept, but in heads.
    pub(crate) fn summaries(&self, oldest: i64) -> Vec<SeriesSummary> {
        let oldest = self.heads_first.map_or(oldest, |first| first.min(oldest));
        self.entries()
            .map(|(series, entry)| SeriesSummary {
                series,
                key: Arc::clone(&entry.key),
                resolution: entry.resolution,
                first_at: entry.first.map(|first| first.max(oldest)),
                last: entry.last,
            })
            .collect()
    }
}
