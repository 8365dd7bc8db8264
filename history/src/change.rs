//! A change of several files that happens as a whole: what is added and removed is written to one file, and done again after a crash.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    bytes::{Bytes, put},
    error::HistoryError,
    folder,
    format::{FileKind, HEADER, Header},
    record::{put_record, record},
    sealed_writer::Reserve,
};

const CHANGE: &str = "change";
/// No change is longer.
const LARGEST: u64 = 16 << 20;

/// Files that are added, which are written already under the names of begun ones, and files that are removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) added: Vec<String>,
    pub(crate) removed: Vec<String>,
}

impl Change {
    /// Decides the change: from here on it happens, also after a crash. Before, nothing has.
    pub(crate) fn decide(&self, folder: &Path, room: &dyn Reserve) -> Result<(), HistoryError> {
        let mut body = Vec::new();
        for list in [&self.added, &self.removed] {
            put(&mut body, list.len() as u64);
            for name in list {
                put(&mut body, name.len() as u64);
                body.extend_from_slice(name.as_bytes());
            }
        }
        let mut bytes = FileKind::Change.header().to_vec();
        put_record(&mut bytes, &body);
        let path = folder.join(CHANGE);
        let begun = folder::begun(&path);
        room.reserve(bytes.len() as u64)?;
        let written = (|| {
            let mut file = folder::create(&begun)?;
            let done = file.write_all(&bytes).and_then(|()| file.sync_data());
            done.and_then(|()| fs::rename(&begun, &path)).map_err(HistoryError::io(&path))
        })();
        // It is there for a moment only.
        room.release(bytes.len() as u64);
        if written.is_err() {
            folder::remove(&begun)?;
        }
        written
    }

    /// Gives files that are added their names. It may be done again.
    pub(crate) fn add(&self, folder: &Path) -> Result<(), HistoryError> {
        folder::sync(folder)?;
        for name in &self.added {
            let path = folder.join(name);
            let begun = folder::begun(&path);
            if begun.exists() {
                fs::rename(&begun, &path).map_err(HistoryError::io(&path))?;
            }
        }
        folder::sync(folder)
    }

    /// Removes files that are removed, and ends the change. It may be done again.
    pub(crate) fn remove(&self, folder: &Path) -> Result<(), HistoryError> {
        for name in &self.removed {
            folder::remove(&folder.join(name))?;
        }
        folder::remove(&folder.join(CHANGE))?;
        folder::sync(folder)
    }

    /// Carries out a change that a crash has left half done.
    pub(crate) fn redo(folder: &Path) -> Result<(), HistoryError> {
        let path = folder.join(CHANGE);
        let bytes = match folder::read(&path, LARGEST) {
            Err(error) if error.is_missing() => return Ok(()),
            read => read?.unwrap_or_default(),
        };
        if let Header::Newer(version) = FileKind::Change.read(&bytes) {
            return Err(HistoryError::Newer { path, version });
        }
        let body = bytes.get(HEADER..).and_then(record).and_then(|(body, _)| body);
        match body.filter(|_| FileKind::Change.read(&bytes) == Header::Current).and_then(Self::parse) {
            Some(change) => change.add(folder).and_then(|()| change.remove(folder)),
            None => folder::set_aside(&path).map(|_| ()),
        }
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(body);
        let mut list = || {
            let count = bytes.number()?;
            let mut names = Vec::new();
            for _ in 0..count {
                let name = str::from_utf8(bytes.slice()?).ok()?;
                // Never a file of another folder.
                let is_name = PathBuf::from(name).file_name().is_some_and(|last| last == name);
                names.push(is_name.then(|| name.to_owned())?);
            }
            Some(names)
        };
        Some(Self { added: list()?, removed: list()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Boundless;

    impl Reserve for Boundless {
        fn reserve(&self, _: u64) -> Result<(), HistoryError> {
            Ok(())
        }

        fn release(&self, _: u64) {}
    }

    #[test]
    fn a_change_that_was_decided_happens_after_a_crash() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("old"), "old").expect("written");
        fs::write(at("new.begun"), "new").expect("written");
        let change = Change { added: vec!["new".into()], removed: vec!["old".into()] };
        Change::redo(folder.path()).expect("nothing to do");
        assert!(at("old").exists());
        change.decide(folder.path(), &Boundless).expect("decided");
        Change::redo(folder.path()).expect("done");
        assert!(at("new").exists() && !at("old").exists() && !at(CHANGE).exists());
    }

    #[test]
    fn a_change_that_is_damaged_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("old"), "old").expect("written");
        let change = Change { added: Vec::new(), removed: vec!["old".into()] };
        change.decide(folder.path(), &Boundless).expect("decided");
        let mut bytes = fs::read(at(CHANGE)).expect("read");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(at(CHANGE), bytes).expect("written");
        Change::redo(folder.path()).expect("set aside");
        assert!(at("old").exists() && at("change.damaged").exists());
        assert_eq!(Change::parse(&[1, 4, b'.', b'.', b'/', b'x', 0]), None);
    }
}
