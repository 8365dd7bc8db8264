//! The folder of lines that are kept.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::{Mutex, MutexGuard};

use crate::{
    block::{self, FAST, SMALL},
    error::KeptLogsError,
    folder::{self, DAMAGED, OPEN, SEALED, file, remove},
    line::KeptLine,
    open_part::OpenPart,
    page::{Page, PageBuilder},
    part::{self, HeldLines, Outcome},
    query::{Place, Query},
    sealed_part::{Block, SealedPart},
    settings::KeptLogsSettings,
    source::{Source, SourceSummary},
};

/// The most bytes that a line takes beside its text.
const AROUND: usize = 40;
/// So many parts wait for the disk; then no lines are taken.
const WAITING: usize = 3;

/// The folder of lines that are kept; cheap to clone. Its calls wait for the disk.
#[derive(Debug, Clone)]
pub struct KeptLogs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    settings: KeptLogsSettings,
    parts: Mutex<Parts>,
    /// Held while a part is sealed.
    sealer: Mutex<()>,
    _lock: File,
}

#[derive(Debug)]
struct Parts {
    open: OpenPart,
    /// Parts that are being sealed, or wait for the disk to take them; the oldest first.
    sealing: Vec<Arc<OpenPart>>,
    /// The oldest first.
    sealed: Vec<Arc<SealedPart>>,
    /// Files that cannot be read, the oldest first: they go with their time.
    damaged: Vec<(u64, PathBuf, u64)>,
}

impl KeptLogs {
    /// Opens a folder, or makes it.
    ///
    /// # Errors
    /// When another process has it open, or it cannot be read or written.
    pub fn open(folder: &Path, settings: KeptLogsSettings) -> Result<Self, KeptLogsError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(KeptLogsError::io(folder))?;
        let lock = folder::lock(folder)?;
        let mut open = Vec::new();
        let (mut sealed, mut damaged) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(KeptLogsError::io(folder))? {
            let path = entry.map_err(KeptLogsError::io(folder))?.path();
            let Some(number) = folder::number_of(&path) else { continue };
            match path.extension().and_then(|extension| extension.to_str()) {
                Some(OPEN) => open.push(number),
                Some(SEALED) => match SealedPart::open(path.clone(), number)? {
                    Some(part) => sealed.push(Arc::new(part)),
                    None => damaged.push(folder::set_aside(number, path)?),
                },
                Some(DAMAGED) => damaged.push((number, path.clone(), folder::length(&path)?)),
                // It was not written to its end.
                Some("begun") => remove(&path)?,
                _ => {}
            }
        }
        open.sort_unstable();
        sealed.sort_by_key(|part| part.number);
        damaged.sort();
        let numbers = sealed.iter().map(|part| part.number).chain(damaged.iter().map(|(number, ..)| *number));
        let next = numbers.max().map_or(1, |last| last + 1);
        // A part that was sealed is there twice until its first form is removed; one that was not is sealed now.
        let last = open.pop().filter(|number| *number >= next);
        let at = |number| file(folder, number, OPEN);
        let number = last.unwrap_or(next.max(open.iter().max().map_or(0, |number| number + 1)));
        let parts = Parts { open: OpenPart::open(at(number), number)?, sealing: Vec::new(), sealed, damaged };
        let kept = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            settings,
            parts: Mutex::new(parts),
            sealer: Mutex::new(()),
            _lock: lock,
        }));
        for number in open {
            if !kept.parts().sealed.iter().any(|part| part.number == number) {
                let part = OpenPart::open(at(number), number)?;
                kept.write_sealed(&part)?;
            }
            remove(&at(number))?;
        }
        // The bound may be another than before.
        kept.parts().make_room(0, settings.bytes)?;
        Ok(kept)
    }

    /// Appends lines of a source, in their order. They outlive this process from then on, and a crash of the machine after [`Self::sync`].
    ///
    /// # Errors
    /// When they cannot be written. Then none of them is kept.
    pub fn append(&self, source: &Source, mut lines: Vec<KeptLine>) -> Result<(), KeptLogsError> {
        lines.iter_mut().for_each(|line| line.at = block::kept_time(line.at));
        if lines.is_empty() {
            return Ok(());
        }
        if self.parts().sealing.len() >= WAITING {
            self.seal(u64::MAX)?;
        }
        let is_full = {
            let length: usize = lines.iter().map(|line| line.text.len() + AROUND).sum();
            let mut parts = self.parts();
            parts.make_room(length as u64, self.0.settings.bytes)?;
            parts.open.append(source, lines)?;
            parts.open.length >= self.0.settings.open_bytes()
        };
        // The lines are kept, whatever becomes of that: it is tried again.
        if is_full && let Err(error) = self.seal(self.0.settings.open_bytes()) {
            tracing::warn!(%error, "a part of the kept lines could not be sealed");
        }
        Ok(())
    }

    /// Waits until all lines are on the disk, and removes what is too old by this clock, Unix microseconds.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&self, now: u64) -> Result<(), KeptLogsError> {
        let day = 24 * 60 * 60 * 1_000_000;
        let (is_old, waits) = {
            let parts = self.parts();
            parts.open.sync()?;
            let is_old = parts.open.first_at().is_some_and(|first| first.saturating_add(day) < now);
            (is_old, !parts.sealing.is_empty())
        };
        if is_old || waits {
            self.seal(if is_old { 1 } else { u64::MAX })?;
        }
        let age = u64::try_from(self.0.settings.age.as_micros()).unwrap_or(u64::MAX);
        let oldest = now.saturating_sub(age);
        self.parts().remove_older(oldest)
    }

    /// Seals the open part if it has so many bytes, and those that wait for that.
    fn seal(&self, least: u64) -> Result<(), KeptLogsError> {
        let _sealer = self.0.sealer.lock();
        {
            let mut parts = self.parts();
            if parts.open.length >= least {
                let number = parts.open.number + 1;
                let next = OpenPart::open(file(&self.0.folder, number, OPEN), number)?;
                let part = Arc::new(std::mem::replace(&mut parts.open, next));
                parts.sealing.push(part);
            }
        }
        loop {
            let Some(part) = self.parts().sealing.first().cloned() else { return Ok(()) };
            self.write_sealed(&part)?;
            remove(&part.path)?;
        }
    }

    /// Writes a part as it is kept, once there is room for it.
    fn write_sealed(&self, part: &OpenPart) -> Result<(), KeptLogsError> {
        let is_slow = part.begun.elapsed() >= self.0.settings.small_after;
        let bytes = SealedPart::encode(part, if is_slow { SMALL } else { FAST });
        let mut parts = self.parts();
        parts.make_room(bytes.len() as u64, self.0.settings.bytes)?;
        drop(parts);
        let sealed = SealedPart::write(file(&self.0.folder, part.number, SEALED), &bytes, part.number)?;
        let mut parts = self.parts();
        parts.sealed.push(Arc::new(sealed));
        parts.sealed.sort_by_key(|part| part.number);
        parts.sealing.retain(|sealing| sealing.number != part.number);
        Ok(())
    }

    /// Looks for lines, the newest first.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn search(&self, query: &Query) -> Result<Page, KeptLogsError> {
        let before = query.before.map_or(u64::MAX, |place| place.part);
        let (open, sealing, sealed) = {
            let parts = self.parts();
            let open =
                (parts.open.number <= before).then(|| (parts.open.number, HeldLines::of(&parts.open, query)));
            (open, parts.sealing.clone(), parts.sealed.clone())
        };
        let sealing = sealing.iter().rev().filter(|part| part.number <= before);
        // One of them after the other: a copy is as large as its part.
        let held = open.into_iter().chain(sealing.map(|part| (part.number, HeldLines::of(part, query))));
        let mut page = PageBuilder::new(query);
        for (number, held) in held {
            page.reach(Place::begin(number));
            if held.search(&mut page) == Outcome::Ended {
                return Ok(page.end());
            }
        }
        let wanted = |part: &&Arc<SealedPart>| part.number <= before && part.last_at() >= query.since;
        for part in sealed.iter().rev().filter(wanted) {
            page.reach(Place::begin(part.number));
            if page.is_over() {
                return Ok(page.end());
            }
            match part::search(part, &mut page) {
                Ok(Outcome::Through) => {}
                Ok(Outcome::Ended) => return Ok(page.end()),
                // It was too old. Those before it may be there.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(KeptLogsError::io(&part.path)(error)),
            }
        }
        Ok(page.end_through())
    }

    /// The latest time of a source's lines up to now; none where there is none, or only later ones: this clock or the one of the lines was wrong.
    /// Where the lines of a block are of both sides of now, it may be an earlier one.
    #[must_use]
    pub fn last_at(&self, source: &Source, now: u64) -> Option<u64> {
        let parts = self.parts();
        let sealed = parts.sealed.iter().filter_map(|part| part.last_of(source, now));
        let held = parts.sealing.iter().map(|part| &**part).chain([&parts.open]);
        let held = held.filter_map(|part| {
            let of = part.sources.iter().filter(|open| open.source.is(source)).flat_map(|open| &open.lines);
            of.map(|line| line.at).filter(|at| *at <= now).max()
        });
        sealed.chain(held).max()
    }

    /// Gives the lines of a source from a time on, in their order. No more than a part of them is held at once.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn newest(
        &self,
        source: &Source,
        since: u64,
        mut take: impl FnMut(KeptLine),
    ) -> Result<(), KeptLogsError> {
        let of_open = |part: &OpenPart| -> Vec<KeptLine> {
            let of = part.sources.iter().filter(|open| open.source.is(source)).flat_map(|open| &open.lines);
            of.filter(|line| line.at >= since).cloned().collect()
        };
        let (open, sealing, sealed) = {
            let parts = self.parts();
            (of_open(&parts.open), parts.sealing.clone(), parts.sealed.clone())
        };
        for part in sealed.iter().filter(|part| part.last_at() >= since) {
            let file = match File::open(&part.path) {
                Ok(file) => file,
                // It was too old.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(KeptLogsError::io(&part.path)(error)),
            };
            let wanted = |block: &&Block| {
                block.latest >= since
                    && part.sources.get(block.source as usize).is_some_and(|of| of.is(source))
            };
            for block in part.blocks.iter().filter(wanted) {
                let lines = part.lines(&file, block).map_err(KeptLogsError::io(&part.path))?;
                lines.unwrap_or_default().into_iter().filter(|line| line.at >= since).for_each(&mut take);
            }
        }
        sealing.iter().flat_map(|part| of_open(part)).chain(open).for_each(take);
        Ok(())
    }

    /// The sources of which lines are kept, by host and name.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceSummary> {
        let parts = self.parts();
        let mut found: BTreeMap<(String, String, String), SourceSummary> = BTreeMap::new();
        let mut add = |source: &Arc<Source>, first_at: u64, last_at: u64, lines: u64| {
            let key = (source.host.clone(), source.name.clone(), source.key.clone());
            let summary = found.entry(key).or_insert_with(|| SourceSummary {
                source: (**source).clone(),
                first_at,
                last_at,
                lines: 0,
            });
            summary.lines += lines;
            summary.first_at = summary.first_at.min(first_at);
            summary.last_at = summary.last_at.max(last_at);
        };
        for part in &parts.sealed {
            for block in &part.blocks {
                if let Some(source) = part.sources.get(block.source as usize) {
                    add(source, block.earliest, block.latest, block.lines);
                }
            }
        }
        for open in
            parts.sealing.iter().map(|part| &**part).chain([&parts.open]).flat_map(|part| &part.sources)
        {
            let times = || open.lines.iter().map(|line| line.at);
            if let (Some(first), Some(last)) = (times().min(), times().max()) {
                add(&open.source, first, last, open.lines.len() as u64);
            }
        }
        found.into_values().collect()
    }

    /// The bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts().length()
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.parts.lock()
    }
}

impl Parts {
    fn length(&self) -> u64 {
        let sealed: u64 = self.sealed.iter().map(|part| part.length).sum();
        let damaged: u64 = self.damaged.iter().map(|(.., length)| length).sum();
        let sealing: u64 = self.sealing.iter().map(|part| part.length).sum();
        sealed + damaged + sealing + self.open.length
    }

    /// Removes the oldest files until so many bytes may be added.
    fn make_room(&mut self, bytes: u64, most: u64) -> Result<(), KeptLogsError> {
        while self.length() + bytes > most && self.remove_oldest()? {}
        Ok(())
    }

    /// Removes parts without a line from this time on, wherever they stand: one before them may have lines of a clock that was wrong. A file
    /// that cannot be read goes with those behind it.
    fn remove_older(&mut self, oldest: u64) -> Result<(), KeptLogsError> {
        while let Some(at) = self.sealed.iter().position(|part| part.last_at() < oldest) {
            let number = self.sealed[at].number;
            while self.damaged.first().is_some_and(|(damaged, ..)| *damaged < number) {
                remove(&self.damaged.remove(0).1)?;
            }
            remove(&self.sealed.remove(at).path)?;
        }
        Ok(())
    }

    /// Removes the oldest file. False when there is none but the open ones.
    fn remove_oldest(&mut self) -> Result<bool, KeptLogsError> {
        let sealed = self.sealed.first().map(|part| part.number);
        let damaged = self.damaged.first().map(|(number, ..)| *number);
        match (sealed, damaged) {
            (_, Some(number)) if sealed.is_none_or(|sealed| number < sealed) => {
                remove(&self.damaged.remove(0).1)?;
            }
            (Some(_), _) => remove(&self.sealed.remove(0).path)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
