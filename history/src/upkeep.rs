//! Sealing heads, and carrying out changes of files.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Write,
    sync::Arc,
};

use crate::{
    chunk::{ROWS, put_samples},
    column::Effort,
    error::HistoryError,
    folder::{self, SealedName, names_name},
    format::HEADER,
    inner::{Inner, PendingFlush, Upkeep},
    journal::{Journal, JournalRecords},
    names_file,
    pending::Pending,
    resolution::Resolution,
    sample::Sample,
    sealed_file::SealedFile,
    sealed_writer::{Reserve, SealedWriter},
    tier::{HOUR, Tier},
};

/// Heads are sealed this often, at whole multiples.
const FLUSH: i64 = 300_000;
/// So many files of names are kept: the second is for damage of the first.
const NAMES: usize = 2;

/// Appends what is in memory alone to the journal.
pub(crate) fn commit(inner: &Inner, journal: &mut Journal) -> Result<(), HistoryError> {
    let mut records = JournalRecords::default();
    let (staged, names) = {
        let mut state = inner.state();
        let names = state.table.unnamed();
        (state.table.stage(&mut records), names)
    };
    if records.bytes.is_empty() {
        return Ok(());
    }
    let length = records.bytes.len() as u64;
    let written =
        inner.reserve(length).and_then(|()| journal.append(&records).inspect_err(|_| inner.release(length)));
    inner.state().table.settle(staged, names, written.is_ok());
    written
}

/// Seals heads, where their time has come or the journal is long.
pub(crate) fn flush_if_due(inner: &Inner, upkeep: &mut Upkeep, now: i64) -> Result<(), HistoryError> {
    finish_pending(inner, upkeep)?;
    if upkeep.flush.is_some() {
        seal_heads(inner, upkeep, now)?;
    }
    let is_long = inner.journal.lock().length > inner.settings.journal_bytes();
    if now.div_euclid(FLUSH) == upkeep.heads_since.div_euclid(FLUSH) && !is_long {
        return Ok(());
    }
    take_heads(inner, upkeep, now)?;
    seal_heads(inner, upkeep, now)
}

/// Begins a new journal, and takes all heads out of the table.
fn take_heads(inner: &Inner, upkeep: &mut Upkeep, now: i64) -> Result<(), HistoryError> {
    let mut journal = inner.journal.lock();
    commit(inner, &mut journal)?;
    if inner.state().table.head_bytes == 0 {
        upkeep.heads_since = now;
        return Ok(());
    }
    inner.reserve(HEADER as u64)?;
    let next =
        Journal::begin(&inner.folder, upkeep.number(), now).inspect_err(|_| inner.release(HEADER as u64))?;
    let mut old = std::mem::replace(&mut *journal, next);
    // Samples that came after the commit are taken out, too, and end the old journal.
    let mut records = JournalRecords::default();
    let mut state = inner.state();
    let unnamed = state.table.unnamed();
    let staged = state.table.stage(&mut records);
    state.table.settle(staged, 0, true);
    state.flushing = Some(Arc::new(state.table.take_heads()));
    let names = names_file::encode(&state.table);
    let reserved = state.reserve(records.bytes.len() as u64, inner.settings.most_bytes());
    drop(state);
    let ended = reserved.and_then(|()| {
        let length = records.bytes.len() as u64;
        old.append(&records).inspect_err(|_| inner.release(length))?;
        // Names that it did not take are for the new one.
        inner.state().table.named(unnamed);
        old.sync(now)
    });
    upkeep.flush = Some(PendingFlush { journal: old.path, journal_length: old.length, names });
    upkeep.heads_since = now;
    ended
}

/// Writes heads that were taken out as parts, one for each hour, and removes their journal.
fn seal_heads(inner: &Inner, upkeep: &mut Upkeep, now: i64) -> Result<(), HistoryError> {
    let Some(heads) = inner.state().flushing.clone() else { return Ok(()) };
    let mut writers: BTreeMap<i64, SealedWriter<'_>> = BTreeMap::new();
    let mut samples: Vec<Sample> = Vec::new();
    let mut duplicates = 0;
    for head in &heads.heads {
        samples.clear();
        duplicates += head.samples(&mut samples);
        let resolution = head.resolution.unwrap_or(Resolution::WHOLE);
        for of_hour in samples.chunk_by(|a, b| a.at.div_euclid(HOUR) == b.at.div_euclid(HOUR)) {
            let hour = of_hour[0].at.div_euclid(HOUR);
            let writer = match writers.entry(hour) {
                Entry::Occupied(begun) => begun.into_mut(),
                Entry::Vacant(none) => {
                    let name = SealedName { tier: Tier::Full, level: 0, hour, number: upkeep.number() };
                    none.insert(SealedWriter::begin(&inner.folder, name, now, inner)?)
                }
            };
            write_samples(writer, head.id, of_hour, resolution, Effort::Fast)?;
        }
    }
    let mut pending = Pending { ends_flush: true, ..Pending::default() };
    finish_writers(inner, writers.into_values(), &mut pending)?;
    if let Err(error) = add_names(inner, upkeep, &mut pending) {
        abandon(inner, &pending)?;
        return Err(error);
    }
    if let Some(flush) = &upkeep.flush {
        let name = flush.journal.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        pending.change.removed.push(name.to_owned());
        pending.freed += flush.journal_length;
    }
    inner.state().counts.duplicates += duplicates as u64;
    decide(inner, upkeep, pending)
}

/// Writes samples of a series, in chunks.
pub(crate) fn write_samples(
    writer: &mut SealedWriter<'_>,
    id: u32,
    samples: &[Sample],
    resolution: Resolution,
    effort: Effort,
) -> Result<(), HistoryError> {
    for rows in samples.chunks(ROWS) {
        let (first, last) = (rows[0].at, rows[rows.len() - 1].at);
        writer.chunk(id, first, last, |out| put_samples(out, rows, resolution, effort))?;
    }
    Ok(())
}

/// Ends files that are a part of a change; where one cannot be written, all are removed.
pub(crate) fn finish_writers<'a>(
    inner: &Inner,
    writers: impl IntoIterator<Item = SealedWriter<'a>>,
    pending: &mut Pending,
) -> Result<(), HistoryError> {
    for writer in writers {
        if writer.is_empty() {
            continue;
        }
        let name = writer.name;
        match writer.finish() {
            Ok(length) => pending.add(name, length),
            Err(error) => {
                abandon(inner, pending)?;
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Writes the names of series as a part of a change.
fn add_names(inner: &Inner, upkeep: &mut Upkeep, pending: &mut Pending) -> Result<(), HistoryError> {
    let number = upkeep.number();
    let Some(flush) = &upkeep.flush else { return Ok(()) };
    let name = names_name(number);
    let path = inner.path(&name);
    let length = flush.names.len() as u64;
    inner.reserve(length)?;
    let begun = folder::begun(&path);
    let written = folder::create(&begun).and_then(|mut file| {
        file.write_all(&flush.names).and_then(|()| file.sync_data()).map_err(HistoryError::io(&path))
    });
    if let Err(error) = written {
        folder::remove(&begun)?;
        inner.release(length);
        return Err(error);
    }
    pending.change.added.push(name);
    pending.names = Some((number, length));
    pending.written += length;
    let surplus = (upkeep.names.len() + 1).saturating_sub(NAMES);
    for (number, length) in &upkeep.names[..surplus] {
        pending.change.removed.push(names_name(*number));
        pending.freed += length;
    }
    Ok(())
}

/// As [`decide`], unless one of the files that the added ones stand beside was removed meanwhile, for its room: then nothing changes.
pub(crate) fn decide_beside(
    inner: &Inner,
    upkeep: &mut Upkeep,
    pending: Pending,
    beside: &[Arc<SealedFile>],
) -> Result<(), HistoryError> {
    if inner.files().has_all(beside) { decide(inner, upkeep, pending) } else { abandon(inner, &pending) }
}

/// Decides a change, and carries it out.
fn decide(inner: &Inner, upkeep: &mut Upkeep, pending: Pending) -> Result<(), HistoryError> {
    // One that is still to be carried out comes first.
    let before = finish_pending(inner, upkeep);
    if let Err(error) = before.and_then(|()| pending.change.decide(&inner.folder, inner)) {
        abandon(inner, &pending)?;
        return Err(error);
    }
    upkeep.pending = Some(pending);
    finish_pending(inner, upkeep)
}

/// Removes the files of a change that does not happen.
fn abandon(inner: &Inner, pending: &Pending) -> Result<(), HistoryError> {
    for name in &pending.change.added {
        folder::remove(&folder::begun(&inner.path(name)))?;
    }
    inner.release(pending.written);
    Ok(())
}

/// Carries out a change that was decided. Where the disk fails, it is tried again before anything else.
pub(crate) fn finish_pending(inner: &Inner, upkeep: &mut Upkeep) -> Result<(), HistoryError> {
    let Upkeep { pending: Some(pending), names, flush, .. } = upkeep else { return Ok(()) };
    if !pending.is_known {
        pending.change.add(&inner.folder)?;
        let mut opened = Vec::new();
        for name in &pending.sealed {
            match SealedFile::open(&inner.path(&name.text()), *name)? {
                Some(file) => opened.push(Arc::new(file)),
                None => {
                    tracing::error!(
                        name = name.text(),
                        "a file of the history cannot be read as it was written"
                    );
                }
            }
        }
        // Readers see the new files and no longer the old ones, before these are removed.
        let mut state = inner.state();
        let files = Arc::make_mut(&mut state.files);
        for name in &pending.unsealed {
            pending.freed += files.remove(*name).map_or(0, |file| file.length);
        }
        opened.into_iter().for_each(|file| files.add(file));
        if pending.ends_flush {
            state.flushing = None;
        }
        pending.is_known = true;
    }
    pending.change.remove(&inner.folder)?;
    inner.release(pending.freed);
    if let Some(added) = pending.names {
        names.push(added);
        let surplus = names.len().saturating_sub(NAMES);
        names.drain(..surplus);
    }
    if pending.ends_flush {
        *flush = None;
    }
    upkeep.pending = None;
    Ok(())
}
