//! Opening a folder: what a crash has left half done is done, and what journals have comes back into memory.

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use parking_lot::Mutex;

use crate::{
    change::Change,
    clock::SteadyClock,
    error::HistoryError,
    file_set::FileSet,
    folder::{self, FolderFile, journal_name, names_name},
    format::HEADER,
    inner::{Inner, State, Upkeep},
    journal::{self, Journal, JournalEvent},
    names_file,
    sealed_file::SealedFile,
    sealed_writer::Reserve,
    series::{PushCounts, Series},
    series_table::SeriesTable,
    settings::HistorySettings,
    upkeep,
};

/// Heads take so often the bytes of a journal at most: those that come, and those that are being sealed, twice each.
const HEADS: u64 = 5;

/// The files of a folder.
#[derive(Default)]
struct Found {
    files: FileSet,
    journals: Vec<u64>,
    names: Vec<(u64, u64)>,
    next_number: u64,
    used: u64,
    highest: Option<u32>,
}

/// Opens a folder, or makes it.
pub(crate) fn open(folder: &Path, settings: HistorySettings, now: i64) -> Result<Inner, HistoryError> {
    folder::make(folder)?;
    let lock = folder::lock(folder)?;
    Change::redo(folder)?;
    let mut found = look(folder)?;
    let clock = SteadyClock::new(now);
    let now = clock.now;
    let mut table = read_names(folder, &found)?;
    for number in &found.journals {
        if let Some(aside) = replay(&folder.join(journal_name(*number)), &mut table)? {
            found.files.damaged.push(aside);
        }
    }
    table.forget_unused();
    // Two journals that a crash has left may have a sample twice, which then is there once; and a bound that was lowered leaves the latest.
    let most = HEADS * settings.journal_bytes();
    if found.journals.len() > 1 || table.head_bytes as u64 > most {
        let gone = table.rewrite_heads(usize::try_from(most).unwrap_or(usize::MAX));
        if gone > 0 {
            tracing::warn!(
                gone,
                "the bound of the history's bytes was lowered: its oldest samples that were not sealed are gone"
            );
        }
    }
    let journal = Journal::begin(folder, found.next_number, now)?;
    let state = State {
        table,
        files: Arc::new(found.files),
        flushing: None,
        used: found.used,
        clock,
        counts: PushCounts::default(),
    };
    let next_number = found.next_number + 1;
    let inner = Inner {
        folder: folder.to_owned(),
        settings,
        state: Mutex::new(state),
        journal: Mutex::new(journal),
        upkeep: Mutex::new(Upkeep {
            next_number,
            heads_since: now,
            flush: None,
            pending: None,
            names: found.names,
        }),
        _lock: lock,
    };
    let done = renew_journal(&inner, &found.journals, now);
    if done.is_err() {
        let path = inner.journal.lock().path.clone();
        // The old ones have all that it has.
        folder::remove(&path)?;
    }
    done.map(|()| inner)
}

/// Writes all heads to the new journal, and removes the old ones.
fn renew_journal(inner: &Inner, old: &[u64], now: i64) -> Result<(), HistoryError> {
    let mut all = Vec::new();
    for number in old {
        let path = inner.path(&journal_name(*number));
        // One that was set aside is counted there.
        if path.exists() {
            all.push((folder::length(&path)?, path));
        }
    }
    let mut length = all.iter().map(|(length, _)| length).sum();
    // Under a bound that was lowered they may leave no room for anything, although they are about to go.
    if length > (HEADS + 1) * inner.settings.journal_bytes() {
        inner.release(std::mem::take(&mut length));
    }
    inner.reserve(HEADER as u64)?;
    {
        let mut journal = inner.journal.lock();
        upkeep::commit(inner, &mut journal)?;
        journal.sync(now)?;
    }
    all.iter().try_for_each(|(_, path)| folder::remove(path))?;
    inner.release(length);
    folder::sync(&inner.folder)
}

fn look(folder: &Path) -> Result<Found, HistoryError> {
    let mut found = Found::default();
    for entry in fs::read_dir(folder).map_err(HistoryError::io(folder))? {
        let path = entry.map_err(HistoryError::io(folder))?.path();
        let Some(file) = FolderFile::of(&path) else { continue };
        if file == FolderFile::Begun {
            folder::remove(&path)?;
            continue;
        }
        let length = folder::length(&path)?;
        found.used += length;
        let mut saw = |number: u64| found.next_number = found.next_number.max(number.saturating_add(1));
        match file {
            FolderFile::Sealed(name) => {
                saw(name.number);
                match SealedFile::open(&path, name) {
                    Ok(Some(file)) => {
                        found.highest = found.highest.max(Some(file.footer.highest));
                        found.files.add(Arc::new(file));
                    }
                    Err(error) if !error.is_lost() => return Err(error),
                    Ok(None) | Err(_) => found.files.damaged.push(folder::set_aside(&path)?),
                }
            }
            FolderFile::Journal(number) => {
                saw(number);
                found.journals.push(number);
            }
            FolderFile::Names(number) => {
                saw(number);
                found.names.push((number, length));
            }
            FolderFile::Damaged => found.files.damaged.push((path, length)),
            FolderFile::Begun => {}
        }
    }
    found.journals.sort_unstable();
    found.names.sort_unstable();
    found.files.damaged.sort();
    Ok(found)
}

/// Reads the names of series, from older files only what the newest has lost.
fn read_names(folder: &Path, found: &Found) -> Result<SeriesTable, HistoryError> {
    let mut table = SeriesTable::default();
    for (place, (number, _)) in found.names.iter().rev().enumerate() {
        if names_file::read(&folder.join(names_name(*number)), &mut table, place == 0)? {
            break;
        }
    }
    if let Some(highest) = found.highest {
        table.next_id = table.next_id.max(highest.saturating_add(1));
    }
    Ok(table)
}

/// Brings back what a journal has.
fn replay(path: &Path, table: &mut SeriesTable) -> Result<Option<(std::path::PathBuf, u64)>, HistoryError> {
    let mut by_id: HashMap<u32, Series> = table.entries().map(|(series, entry)| (entry.id, series)).collect();
    let resolutions = table.entries().map(|(_, entry)| (entry.id, entry.resolution)).collect();
    journal::replay(path, resolutions, |event| match event {
        JournalEvent::Named { id, resolution, key } => {
            by_id.insert(id, table.insert_named(id, key, resolution));
        }
        JournalEvent::Came { id, samples } => {
            let Some(series) = by_id.get(&id) else { return };
            for sample in samples.iter().filter(|sample| SteadyClock::has(sample.at)) {
                // A sample that is there already is one of a journal that a crash has left twice.
                let _ = table.push(*series, *sample);
            }
        }
    })
}
