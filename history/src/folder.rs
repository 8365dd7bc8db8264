//! The files of the folder, and their names.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::{
    clock::LATEST,
    error::HistoryError,
    tier::{HOUR, Tier},
};

const SEALED: &str = "sealed";
const JOURNAL: &str = "journal";
const NAMES: &str = "names";
const DAMAGED: &str = "damaged";
/// The extension of a file that is being written.
const BEGUN: &str = "begun";

/// The name of a sealed file: its tier, its level, the hour at which its time begins, and a number that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SealedName {
    pub(crate) tier: Tier,
    pub(crate) level: u8,
    /// Whole hours since 1970.
    pub(crate) hour: i64,
    /// Of two files of an hour the one with the lower number came first.
    pub(crate) number: u64,
}

/// A file of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FolderFile {
    Sealed(SealedName),
    Journal(u64),
    Names(u64),
    Damaged,
    Begun,
}

impl SealedName {
    pub(crate) fn text(&self) -> String {
        let Self { tier, level, hour, number } = self;
        format!("{}-{level}-{hour:08}-{number:010}.{SEALED}", tier.word())
    }

    /// Hours that the file is for.
    pub(crate) fn hours(&self) -> i64 {
        self.tier.periods().get(usize::from(self.level)).copied().unwrap_or(1)
    }

    /// Reports that the time of another file of the tier is within that of this one.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.tier == other.tier
            && self.hour <= other.hour
            && other.hour + other.hours() <= self.hour + self.hours()
    }

    fn parse(stem: &str) -> Option<Self> {
        let mut parts = stem.split('-');
        let word = parts.next()?;
        let tier = *Tier::ALL.iter().find(|tier| tier.word() == word)?;
        let name = Self {
            tier,
            level: parts.next()?.parse().ok()?,
            hour: parts.next()?.parse().ok().filter(|hour| *hour <= LATEST / HOUR)?,
            number: number(parts.next()?)?,
        };
        let is_one = parts.next().is_none() && usize::from(name.level) < tier.periods().len();
        is_one.then_some(name)
    }
}

impl FolderFile {
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let stem = path.file_stem()?.to_str()?;
        match path.extension()?.to_str()? {
            SEALED => SealedName::parse(stem).map(Self::Sealed),
            JOURNAL => number(stem).map(Self::Journal),
            NAMES => number(stem).map(Self::Names),
            DAMAGED => Some(Self::Damaged),
            BEGUN => Some(Self::Begun),
            _ => None,
        }
    }
}

/// The number of a file. None is so large that no more follow.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number < 1 << 62)
}

pub(crate) fn journal_name(number: u64) -> String {
    format!("{number:010}.{JOURNAL}")
}

pub(crate) fn names_name(number: u64) -> String {
    format!("{number:010}.{NAMES}")
}

/// The path of a file while it is written.
pub(crate) fn begun(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(BEGUN);
    path.with_file_name(name)
}

/// Makes a folder for this user alone, unless it is there.
pub(crate) fn make(folder: &Path) -> Result<(), HistoryError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(HistoryError::io(folder))
}

/// Begins a file.
pub(crate) fn create(path: &Path) -> Result<File, HistoryError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path).map_err(HistoryError::io(path))
}

/// Reads a whole file, of which no more than so many bytes are wanted. None where it is longer.
pub(crate) fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>, HistoryError> {
    let file = File::open(path).map_err(HistoryError::io(path))?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(HistoryError::io(path))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// Copies so many bytes of files to an empty folder; those that are gone are left out. Returns the bytes. Where it fails, it leaves nothing.
pub(crate) fn copy(files: &[(PathBuf, u64)], target: &Path) -> Result<u64, HistoryError> {
    let mut copied = 0;
    for (path, length) in files {
        let to = target.join(path.file_name().unwrap_or_default());
        match copy_file(path, *length, &to) {
            Err(error) if error.is_missing() => {}
            Ok(bytes) => copied += bytes,
            Err(error) => {
                for (path, _) in files {
                    remove(&target.join(path.file_name().unwrap_or_default()))?;
                }
                return Err(error);
            }
        }
    }
    sync(target)?;
    Ok(copied)
}

fn copy_file(path: &Path, length: u64, to: &Path) -> Result<u64, HistoryError> {
    let source = File::open(path).map_err(HistoryError::io(path))?;
    let mut copy = create(to)?;
    let bytes = io::copy(&mut source.take(length), &mut copy).map_err(HistoryError::io(to))?;
    copy.sync_data().map_err(HistoryError::io(to))?;
    Ok(bytes)
}

/// The bytes of a file.
pub(crate) fn length(path: &Path) -> Result<u64, HistoryError> {
    fs::metadata(path).map(|data| data.len()).map_err(HistoryError::io(path))
}

/// Removes a file, unless it is gone already.
pub(crate) fn remove(path: &Path) -> Result<(), HistoryError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(HistoryError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Keeps a file that cannot be read until its room is needed, for whoever can read more of it. Returns its path and length.
pub(crate) fn set_aside(path: &Path) -> Result<(PathBuf, u64), HistoryError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(DAMAGED);
    let aside = path.with_file_name(name);
    fs::rename(path, &aside).map_err(HistoryError::io(path))?;
    sync(path.parent().unwrap_or(Path::new("/")))?;
    tracing::warn!(path = %aside.display(), "a file of the history is damaged and is set aside");
    let length = length(&aside)?;
    Ok((aside, length))
}

/// Takes the folder for as long as the file is held; the system lets go of it when the process ends, however it does.
pub(crate) fn lock(folder: &Path) -> Result<File, HistoryError> {
    let path = folder.join("lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(&path).map_err(HistoryError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(HistoryError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(HistoryError::io(&path)(error)),
    }
}

/// Makes the folder's new and removed names last.
pub(crate) fn sync(folder: &Path) -> Result<(), HistoryError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(HistoryError::io(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_come_back_and_others_are_none() {
        let name = SealedName { tier: Tier::TenSeconds, level: 1, hour: 500_000, number: 7 };
        assert_eq!(FolderFile::of(Path::new(&name.text())), Some(FolderFile::Sealed(name)));
        assert_eq!(FolderFile::of(Path::new(&journal_name(3))), Some(FolderFile::Journal(3)));
        assert_eq!(FolderFile::of(&begun(Path::new(&name.text()))), Some(FolderFile::Begun));
        for other in [
            "10s-2-1-1.sealed",
            "10s-1-1.sealed",
            "2s-0-1-1.sealed",
            "full-0-1-1-1.sealed",
            "lock",
            "x.journal",
            "18446744073709551615.journal",
            "full-0-99999999999-1.sealed",
        ] {
            assert_eq!(FolderFile::of(Path::new(other)), None, "{other}");
        }
    }
}
