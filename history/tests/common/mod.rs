//! A folder for a test, and the words that tests share.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses some of it")]

use std::{fs, path::Path};

use history::{Aggregate, History, HistorySettings, Query, Sample, Series};

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// A whole day since 1970, in 2027.
pub const START: i64 = 20_800 * DAY;

/// Nothing is removed within a test.
pub fn settings() -> HistorySettings {
    HistorySettings {
        bytes: 1 << 30,
        ages: [30 * DAY, 60 * DAY, 400 * DAY, 4_000 * DAY, 4_000 * DAY],
        late: 30 * DAY,
        series: 1_000,
        points: 1_000_000,
    }
}

pub struct Folder {
    folder: tempfile::TempDir,
    settings: HistorySettings,
}

impl Folder {
    pub fn new() -> Self {
        Self::with(settings())
    }

    pub fn with(settings: HistorySettings) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), settings }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn open(&self, now: i64) -> History {
        History::open(self.path(), self.settings.clone(), now).expect("it opens")
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        let length = |entry: fs::DirEntry| entry.metadata().map_or(0, |data| data.len());
        fs::read_dir(self.path()).expect("a folder").map(|entry| length(entry.expect("a file"))).sum()
    }

    pub fn files(&self) -> usize {
        fs::read_dir(self.path()).expect("a folder").count()
    }

    /// The paths of files with an extension, in order.
    pub fn of(&self, extension: &str) -> Vec<std::path::PathBuf> {
        let files = fs::read_dir(self.path()).expect("a folder").map(|file| file.expect("a file").path());
        let mut found: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
        found.sort();
        found
    }
}

pub fn at(at: i64, value: f64) -> Sample {
    Sample { at, value }
}

pub fn points(
    history: &History,
    series: Series,
    from: i64,
    to: i64,
    step: i64,
    aggregate: Aggregate,
) -> Vec<Option<f64>> {
    let query = Query { series: vec![series], from, to, step, aggregate };
    history.query(&query).expect("it reads").series.remove(0).values
}
