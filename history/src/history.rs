//! The folder of series.

use std::{path::Path, sync::Arc};

use crate::{
    clock::LATEST,
    error::HistoryError,
    folder,
    inner::{Inner, State},
    merge::{merge_due, remove_old},
    open,
    query::{Points, Query, SeriesPoints},
    read::View,
    resolution::Resolution,
    roll::roll_due,
    sample::Sample,
    series::{PushCounts, Pushed, Series, SeriesSummary},
    settings::HistorySettings,
    tier::Tier,
    upkeep::{commit, finish_pending, flush_if_due},
};

/// Samples may be so many milliseconds ahead of the clock.
const AHEAD: i64 = 24 * 60 * 60 * 1_000;
/// So many series are read at once, and less of many steps: these are to stay near the processor.
const BATCH: usize = 64;
const BATCH_STEPS: usize = 1 << 15;
/// A reader whose files were merged under it begins again so often.
const TRIES: usize = 8;

/// A folder of series; cheap to clone. Its calls wait for the disk, but for [`History::push`] and [`History::push_all`].
#[derive(Debug, Clone)]
pub struct History(Arc<Inner>);

impl History {
    /// Opens a folder, or makes it. `now` is milliseconds since 1970, as everywhere.
    ///
    /// # Errors
    /// When another process has it open, a newer version wrote in it, or it cannot be read or written.
    pub fn open(folder: &Path, settings: HistorySettings, now: i64) -> Result<Self, HistoryError> {
        Ok(Self(Arc::new(open::open(folder, settings, now)?)))
    }

    /// The series of a key, which is made if it is new. One that exists keeps its decimals; it may have more than are asked for.
    ///
    /// # Errors
    /// When there are too many, the key is empty or longer than 1,024 bytes, or the series keeps fewer decimals.
    pub fn register(&self, key: &[u8], resolution: Resolution) -> Result<Series, HistoryError> {
        let settings = &self.0.settings;
        self.0.state().table.register(key, resolution, settings.series, settings.names_bytes())
    }

    /// The series of a key, if there is one.
    #[must_use]
    pub fn find(&self, key: &[u8]) -> Option<Series> {
        self.0.state().table.find(key)
    }

    /// Adds a sample. It is in memory until [`History::commit`]. One that is too late, or more than a day ahead of `now`, is refused.
    ///
    /// # Errors
    /// When there is no such series, or too much waits for the disk.
    pub fn push(&self, series: Series, sample: Sample, now: i64) -> Result<Pushed, HistoryError> {
        self.0.push(&mut self.0.state(), series, sample, now)
    }

    /// Adds samples of any series. Returns what became of them.
    ///
    /// # Errors
    /// As of [`History::push`]; those before the first that fails are added.
    pub fn push_all(&self, samples: &[(Series, Sample)], now: i64) -> Result<PushCounts, HistoryError> {
        let mut state = self.0.state();
        let mut counts = PushCounts::default();
        for (series, sample) in samples {
            counts.count(self.0.push(&mut state, *series, *sample, now)?);
        }
        Ok(counts)
    }

    /// Writes to the journal what came since the last call: it outlives this process from then on, and a crash of the machine ten seconds later
    /// at the most. To be called every few seconds. It takes milliseconds, but for a journal that is too long, which is sealed.
    ///
    /// # Errors
    /// When it cannot be written. Then it stays in memory, and the next call tries again.
    pub fn commit(&self, now: i64) -> Result<(), HistoryError> {
        let now = self.0.state().clock.tick(now);
        let length = {
            let mut journal = self.0.journal.lock();
            commit(&self.0, &mut journal)?;
            journal.sync_if_due(now)?;
            journal.length
        };
        if length > self.0.settings.journal_bytes()
            && let Some(mut upkeep) = self.0.upkeep.try_lock()
        {
            flush_if_due(&self.0, &mut upkeep, now)?;
        }
        Ok(())
    }

    /// Seals what came in the last five minutes, rolls hours up into tiers, merges files, and removes what is too old. To be called every
    /// minute or so, from a thread that may take its time: with thousands of series an hour takes seconds. Others read and write meanwhile.
    ///
    /// # Errors
    /// When the disk fails. The next call goes on.
    pub fn maintain(&self, now: i64) -> Result<(), HistoryError> {
        let now = self.0.state().clock.tick(now);
        let mut upkeep = self.0.upkeep.lock();
        // Each is done, whatever became of the one before: on a full disk there is room when that which is too old is gone.
        let done = [
            flush_if_due(&self.0, &mut upkeep, now),
            roll_due(&self.0, &mut upkeep, now),
            merge_due(&self.0, &mut upkeep, now),
            remove_old(&self.0, now),
        ];
        done.into_iter().collect()
    }

    /// Answers a query. Each hour is read from the coarsest tier whose buckets fill the steps exactly; where that has nothing, from a finer one,
    /// or a coarser one, whose values then stand for several steps.
    ///
    /// # Errors
    /// When it asks for too many points or for a series that is not there, or the disk fails.
    pub fn query(&self, query: &Query) -> Result<Points, HistoryError> {
        let grid = query.grid(self.0.settings.points)?;
        let mut series = Vec::with_capacity(query.series.len());
        let together = (BATCH_STEPS / grid.points.max(1)).clamp(1, BATCH);
        for batch in query.series.chunks(together) {
            let steps = self.again(|| View::new(&self.0, batch, grid.start, grid.end())?.steps(&grid))?;
            for (of, steps) in batch.iter().zip(steps) {
                let values = steps.iter().map(|step| query.aggregate.of(step)).collect();
                series.push(SeriesPoints { series: *of, values });
            }
        }
        Ok(Points { start: grid.start, step: grid.step, series })
    }

    /// The samples of a series from a time up to another, which is outside, as far as full resolution is kept.
    ///
    /// # Errors
    /// When there are too many, there is no such series, or the disk fails.
    pub fn samples(&self, series: Series, from: i64, to: i64) -> Result<Vec<Sample>, HistoryError> {
        let most = self.0.settings.points;
        self.again(|| {
            let mut all: Vec<Sample> = Vec::new();
            View::new(&self.0, &[series], from, to)?.samples(|samples| {
                let points = (all.len() + samples.len()) as u64;
                if points > most {
                    return Err(HistoryError::TooManyPoints { points, most });
                }
                all.extend_from_slice(samples);
                Ok(())
            })?;
            Ok(all)
        })
    }

    /// The latest sample of a series, however old.
    ///
    /// # Errors
    /// When there is no such series.
    pub fn last(&self, series: Series) -> Result<Option<Sample>, HistoryError> {
        Ok(self.0.state().table.entry(series)?.last)
    }

    /// Lists all series.
    #[must_use]
    pub fn series(&self) -> Vec<SeriesSummary> {
        let state = self.0.state();
        // Late samples may be earlier than all that is sealed.
        let flushing = state.flushing.as_ref().and_then(|flushing| flushing.first);
        let oldest = state.files.first().into_iter().chain(flushing).min().unwrap_or(i64::MIN);
        state.table.summaries(oldest)
    }

    /// The number of series.
    #[must_use]
    pub fn series_count(&self) -> usize {
        self.0.state().table.len()
    }

    /// The longest time after which a late sample is still taken, milliseconds.
    #[must_use]
    pub fn longest_delay(&self) -> i64 {
        self.0.settings.longest_delay()
    }

    /// The bytes of all files, and of those that are being written.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.state().used
    }

    /// The bytes of the sealed files of a tier.
    #[must_use]
    pub fn tier_bytes(&self, tier: Tier) -> u64 {
        self.0.files().bytes(tier)
    }

    /// Numbers of what became of samples since this was opened.
    #[must_use]
    pub fn counts(&self) -> PushCounts {
        self.0.state().counts
    }

    /// Copies all that is kept to an empty folder, which may be opened then. Samples come and are read meanwhile; sealing waits. Returns the
    /// bytes of the copy.
    ///
    /// # Errors
    /// When something cannot be read or written, or the folder is not empty. What was copied until then is removed.
    pub fn copy_to(&self, target: &Path) -> Result<u64, HistoryError> {
        let mut upkeep = self.0.upkeep.lock();
        finish_pending(&self.0, &mut upkeep)?;
        let mut files = Vec::new();
        {
            let mut journal = self.0.journal.lock();
            commit(&self.0, &mut journal)?;
            files.push((journal.path.clone(), journal.length));
        }
        if let Some(flush) = &upkeep.flush {
            files.push((flush.journal.clone(), flush.journal_length));
        }
        files.extend(
            upkeep.names.iter().map(|(number, length)| (self.0.path(&folder::names_name(*number)), *length)),
        );
        files.extend(self.0.files().sealed.iter().map(|file| (file.path.clone(), file.length)));
        folder::make(target)?;
        if std::fs::read_dir(target).map_err(HistoryError::io(target))?.next().is_some() {
            return Err(HistoryError::io(target)(std::io::ErrorKind::DirectoryNotEmpty.into()));
        }
        folder::copy(&files, target)
    }

    /// Reads again where files were merged or removed meanwhile.
    fn again<T>(&self, mut read: impl FnMut() -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        for _ in 1..TRIES {
            match read() {
                Err(error) if error.is_missing() => {}
                other => return other,
            }
        }
        read()
    }
}

impl Inner {
    fn push(
        &self,
        state: &mut State,
        series: Series,
        sample: Sample,
        now: i64,
    ) -> Result<Pushed, HistoryError> {
        let held = state.table.head_bytes;
        if held as u64 > 2 * self.settings.journal_bytes() {
            return Err(HistoryError::Behind { held });
        }
        let now = now.clamp(0, LATEST);
        let late = self.settings.longest_delay();
        let pushed = if !sample.value.is_finite() {
            Pushed::Absent
        } else if sample.at < (now - late).max(0) {
            Pushed::TooOld
        } else if sample.at > (now + AHEAD).min(LATEST) {
            Pushed::TooNew
        } else {
            state.table.push(series, sample)?
        };
        state.counts.count(pushed);
        Ok(pushed)
    }
}
