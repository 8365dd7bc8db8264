//! Errors of keeping and of reading.

use std::{io, path::PathBuf};

/// The reason for which numbers cannot be kept or read. Damage is none: what can be read is kept, and the rest is logged.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Another process has the folder open.
    #[error("{0} is in use by another server: stop it, or give this one a folder of its own")]
    InUse(PathBuf),
    /// A newer version wrote this file. It is left as it is.
    #[error(
        "{path} was written by a newer version (format {version}): start that one, or move the file away"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u32,
    },
    /// The folder or a file in it cannot be made, read or written.
    #[error("cannot use {path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error.
        error: io::Error,
    },
    /// The bound of bytes leaves no room, although all that may be removed was removed.
    #[error("the history may take {most} bytes, and {wanted} more have no room")]
    NoRoom {
        /// The bound.
        most: u64,
        /// The bytes that were to be written.
        wanted: u64,
    },
    /// The disk has not taken samples for so long that no more are held in memory.
    #[error("samples of {held} bytes wait for the disk, and no more are held")]
    Behind {
        /// The bytes that wait.
        held: usize,
    },
    /// There are as many series as may be.
    #[error("there are {most} series, and no more are kept")]
    TooManySeries {
        /// The bound.
        most: usize,
    },
    /// The names of all series would take too much of the bytes.
    #[error("the names of the series would take more than {most} bytes")]
    TooManyNames {
        /// The bound, a part of that of all bytes.
        most: u64,
    },
    /// A key is empty, or too long.
    #[error("a key of a series has 1 to {most} bytes, and this one {length}")]
    BadKey {
        /// The bytes of the key.
        length: usize,
        /// The bound.
        most: usize,
    },
    /// The series exists with fewer decimals than are asked for.
    #[error("the series keeps {kept} decimals, and not {wanted}: give the finer one another key")]
    Resolution {
        /// The decimals that it keeps.
        kept: u8,
        /// The decimals that were asked for.
        wanted: u8,
    },
    /// There is no such series: it is of another history, or was forgotten, since all of it was too old.
    #[error("there is no such series any more")]
    NoSuchSeries,
    /// The step of a query is not a positive number of milliseconds, or its range ends before it begins.
    #[error("a query needs a step of a millisecond at least, and a range that ends after it begins")]
    BadQuery,
    /// A query would give too many points.
    #[error(
        "the query would give {points} points, and {most} is the most: take a longer step, or fewer series"
    )]
    TooManyPoints {
        /// The points that it would give, or as many as were counted.
        points: u64,
        /// The bound.
        most: u64,
    },
}

impl HistoryError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |error| Self::Io { path, error }
    }

    /// Reports that the disk has lost some of a file: a bad sector, or one that was cut behind our back.
    pub(crate) fn is_lost(&self) -> bool {
        const EIO: i32 = 5;
        let Self::Io { error, .. } = self else { return false };
        error.kind() == io::ErrorKind::UnexpectedEof || error.raw_os_error() == Some(EIO)
    }

    /// Reports that a file was not there.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Io { error, .. } if error.kind() == io::ErrorKind::NotFound)
    }
}
