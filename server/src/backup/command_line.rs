//! The commands as they are typed.

use std::path::PathBuf;

/// A backup to make or to restore.
#[derive(Debug, Clone)]
pub enum BackupCommand {
    /// Make one.
    Create {
        /// The file to write; it does not exist yet.
        file: PathBuf,
        /// The settings file that goes into it.
        settings: Option<PathBuf>,
    },
    /// Restore one into a data folder that is not there yet, or empty.
    Restore {
        /// The file to read.
        file: PathBuf,
    },
}
