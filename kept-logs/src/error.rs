//! Errors of keeping and of searching.

use std::{io, path::PathBuf};

/// The reason for which lines cannot be kept or read. Damage is none: what can be read is kept, and the rest is logged.
#[derive(Debug, thiserror::Error)]
pub enum KeptLogsError {
    /// Another process has the folder open.
    #[error("{0} is in use by another server: stop it, or give this one a folder of its own")]
    InUse(PathBuf),
    /// The folder or a file in it cannot be made, read or written.
    #[error("cannot use {path}: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// The error.
        error: io::Error,
    },
}

impl KeptLogsError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |error| Self::Io { path, error }
    }
}
