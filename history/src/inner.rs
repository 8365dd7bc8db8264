//! The parts of an open history, and the room that its files take.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::{Mutex, MutexGuard};

use crate::{
    clock::SteadyClock,
    error::HistoryError,
    file_set::FileSet,
    folder::{self, SealedName},
    head::FlushingHeads,
    journal::Journal,
    pending::Pending,
    sealed_writer::Reserve,
    series::PushCounts,
    series_table::SeriesTable,
    settings::HistorySettings,
};

/// An open history. Locks are taken in the order upkeep, journal, state; that of the state is never held while the disk is waited for, but
/// for the removal of a file.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) folder: PathBuf,
    pub(crate) settings: HistorySettings,
    pub(crate) state: Mutex<State>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) upkeep: Mutex<Upkeep>,
    pub(crate) _lock: File,
}

/// Everything that readers look at.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) table: SeriesTable,
    pub(crate) files: Arc<FileSet>,
    /// Heads that are being sealed.
    pub(crate) flushing: Option<Arc<FlushingHeads>>,
    /// The bytes of all files, and those for which room was taken.
    pub(crate) used: u64,
    pub(crate) clock: SteadyClock,
    pub(crate) counts: PushCounts,
}

/// Held while files are sealed, merged, removed for their age, or copied.
#[derive(Debug)]
pub(crate) struct Upkeep {
    /// The number that the next file gets: it only grows.
    pub(crate) next_number: u64,
    /// The time since which heads are filled.
    pub(crate) heads_since: i64,
    /// A journal whose samples are being sealed, and the names at that time.
    pub(crate) flush: Option<PendingFlush>,
    /// A change that was decided and that the disk has not carried out yet.
    pub(crate) pending: Option<Pending>,
    /// The files of names, the oldest first, and their bytes.
    pub(crate) names: Vec<(u64, u64)>,
}

/// A journal whose samples are being sealed.
#[derive(Debug)]
pub(crate) struct PendingFlush {
    pub(crate) journal: PathBuf,
    pub(crate) journal_length: u64,
    pub(crate) names: Vec<u8>,
}

impl Upkeep {
    pub(crate) fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }
}

impl Inner {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    pub(crate) fn files(&self) -> Arc<FileSet> {
        Arc::clone(&self.state().files)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Reserve for Inner {
    /// Removes files until so many bytes have room, and takes it.
    fn reserve(&self, bytes: u64) -> Result<(), HistoryError> {
        self.state().reserve(bytes, self.settings.most_bytes())
    }

    fn release(&self, bytes: u64) {
        self.state().release(bytes);
    }
}

impl State {
    pub(crate) fn release(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }

    pub(crate) fn reserve(&mut self, bytes: u64, most: u64) -> Result<(), HistoryError> {
        while self.used.saturating_add(bytes) > most {
            if !self.remove_one(most)? {
                return Err(HistoryError::NoRoom { most, wanted: bytes });
            }
        }
        self.used += bytes;
        Ok(())
    }

    /// Removes the file that goes first. False where there is none.
    fn remove_one(&mut self, most: u64) -> Result<bool, HistoryError> {
        if let Some((path, length)) = self.files.damaged.first().cloned() {
            folder::remove(&path)?;
            Arc::make_mut(&mut self.files).damaged.remove(0);
            self.release(length);
            return Ok(true);
        }
        let sealed: u64 = self.files.sealed.iter().map(|file| file.length).sum();
        let Some(name) = self.files.oldest_of_finest(most, self.used.saturating_sub(sealed)) else {
            return Ok(false);
        };
        for file in self.files.stretch(name) {
            self.remove_file(&file.path, file.name)?;
        }
        Ok(true)
    }

    /// Removes a sealed file.
    pub(crate) fn remove_file(&mut self, path: &Path, name: SealedName) -> Result<(), HistoryError> {
        folder::remove(path)?;
        if let Some(gone) = Arc::make_mut(&mut self.files).remove(name) {
            self.release(gone.length);
        }
        Ok(())
    }
}
