//! Hubs with a journal, and ways to end them.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "each test file uses its part, and nothing else does"
)]

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use broker_journal::{JournalBroker, JournalError, JournalSettings, LogSettings};
use fanout::{Hub, Settings};
use tempfile::TempDir;

/// The ways in which a hub ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// In order.
    Closed,
    /// At once, with so much (of 255 parts) of a record written that no one was told of; 0 for none.
    Killed { torn: u8 },
}

/// A folder with a journal, in memory where the system has such a place: these tests sync a lot.
pub struct Stored {
    dir: TempDir,
}

/// Opens a hub over the log of a folder.
///
/// # Errors
/// As for `JournalBroker::open`.
pub fn open(settings: Settings, journal: &JournalSettings) -> Result<Hub, JournalError> {
    let log = LogSettings {
        clock: Arc::clone(&settings.clock),
        epoch: settings.epoch,
        policies: settings.policies.clone().into(),
        topics: settings.topics,
        bytes: settings.bytes,
    };
    let journal = JournalBroker::open(log, journal)?;
    Ok(Hub::with_broker(settings, Arc::new(journal)).expect("the log is new"))
}

pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

impl Stored {
    pub fn new() -> Self {
        Self { dir: folder() }
    }

    /// Three small records fill a segment, and the journal has room for eight segments.
    pub fn open(&self, settings: Settings) -> Hub {
        let journal = JournalSettings { segment: 128, ..JournalSettings::new(self.dir.path(), 1024) };
        open(settings, &journal).expect("opened")
    }

    pub fn restart(&mut self, hub: Hub, how: Restart, settings: Settings) -> Hub {
        if let Restart::Killed { torn } = how {
            let left = kill(self.dir.path());
            tear(left.path(), torn);
            drop(hub);
            self.dir = left;
        } else {
            drop(hub);
        }
        self.open(settings)
    }
}

/// Copies the files as a `kill -9` at this moment would leave them: the system keeps what was written.
pub fn kill(dir: &Path) -> TempDir {
    let left = folder();
    // Oldest first: what is carried forward while this copies is then found where it went.
    for path in segments(dir) {
        // One that was just taken away is not needed.
        let _ = fs::copy(&path, left.path().join(path.file_name().expect("a name")));
    }
    fs::copy(dir.join("head"), left.path().join("head")).expect("copied");
    left
}

pub fn segments(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "seg")).collect();
    files.sort();
    files
}

/// Leaves a record unfinished at the end of the newest segment: a beginning of its first one.
fn tear(dir: &Path, torn: u8) {
    let Some(path) = segments(dir).pop() else { return };
    let bytes = fs::read(&path).expect("read");
    let Some(length) = bytes.get(8..12) else { return };
    let length = 8 + u32::from_le_bytes(length.try_into().expect("four bytes")) as usize;
    let part = length * usize::from(torn) / 256;
    let mut file = OpenOptions::new().append(true).open(path).expect("opened");
    file.write_all(&bytes[8..8 + part]).expect("written");
}
