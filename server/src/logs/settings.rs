//! The settings of logs: which sources there are beside containers.

use std::{collections::BTreeMap, path::PathBuf};

use common::logs::LogSource;
use serde::{Deserialize, Serialize};

use crate::config::setting::{Bound, Setting};

/// The settings of this feature.
pub(super) const SETTINGS: &[Setting] = &[
    Setting::free("logs.journal"),
    Setting::free("logs.journal_directory"),
    Setting::free("logs.files"),
    Setting::free("logs.keep"),
    Setting::bounded("logs.keep_bytes", &[Bound::Within(1 << 20..=1 << 44, "1 MiB to 16 TiB")]),
    Setting::bounded("logs.keep_days", &[Bound::Within(1..=3_650, "1 to 3650")]),
];

/// The section `logs`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSourceSettings {
    /// If systemd's journal may be read.
    pub journal: JournalUse,
    /// The folder of the journal's files, where it is none of the usual ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_directory: Option<PathBuf>,
    /// Files that may be read, each by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, PathBuf>,
    /// The containers whose lines are kept.
    pub keep: KeptContainers,
    /// Kept lines take at most so many bytes.
    pub keep_bytes: u64,
    /// Lines are kept for so many days.
    pub keep_days: u32,
}

impl Default for LogSourceSettings {
    fn default() -> Self {
        Self {
            journal: JournalUse::default(),
            journal_directory: None,
            files: BTreeMap::new(),
            keep: KeptContainers::default(),
            keep_bytes: 1 << 30,
            keep_days: 14,
        }
    }
}

/// The containers whose lines are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptContainers {
    /// Of none.
    #[default]
    Off,
    /// Of those with the label `pulseboard.logs.keep=true`.
    Labelled,
    /// Of all but those with the label `pulseboard.logs.keep=false`.
    All,
}

/// If systemd's journal may be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalUse {
    /// It is read where there is one.
    #[default]
    Auto,
    /// It is not read.
    Off,
}

impl LogSourceSettings {
    /// # Errors
    /// When a file has no usable name, or no absolute path.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for (name, path) in &self.files {
            anyhow::ensure!(
                ["file:", name].concat().parse::<LogSource>().is_ok(),
                "logs.files has {name:?}: a name is 1 to 64 of a-z, 0-9, dot, hyphen and underscore"
            );
            anyhow::ensure!(path.is_absolute(), "logs.files.{name} is {path:?}: a path begins with a slash");
        }
        if let Some(folder) = &self.journal_directory {
            anyhow::ensure!(
                folder.is_absolute(),
                "logs.journal_directory is {folder:?}: a path begins with a slash"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_request_could_say_and_a_path_from_nowhere_are_refused() {
        let with = |name: &str, path: &str| {
            let files = [(name.to_owned(), PathBuf::from(path))].into();
            LogSourceSettings { files, ..LogSourceSettings::default() }.check()
        };
        assert!(with("nginx-access.log", "/var/log/nginx/access.log").is_ok());
        for (name, path) in [("Nginx", "/var/log/a"), ("", "/var/log/a"), ("a", "var/log/a"), ("a/b", "/c")] {
            let error = with(name, path).expect_err(name).to_string();
            assert!(error.starts_with("logs.files"), "{error}");
        }
    }
}
