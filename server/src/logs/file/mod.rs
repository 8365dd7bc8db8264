//! Files that the settings name.
//!
//! A file's lines have no time that anyone could rely on. The time of a line is that at which this server saw first that it was there; of those
//! that were there before, it is 0. So times are in the order of the lines, and a page that is asked for later begins where the last one ended.

mod backwards;
mod follow;
mod forward;
mod history;
mod times;

use std::{
    fs::{File, Metadata, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{FutureExt, future::BoxFuture};

pub(super) use times::ReadTimes;

use super::{
    error::{LogsError, SourceError},
    plan::{Runs, Start},
    source::{LineReader, LineSource, Newest},
};

/// The longest line that is kept, in bytes; of a longer one the beginning.
const MAX_LINE: usize = 1 << 20;
/// The bytes of one read.
const BLOCK: usize = 256 << 10;

/// A file whose lines are read; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct FileLines {
    name: Arc<str>,
    path: Arc<PathBuf>,
    times: ReadTimes,
}

/// A file that is open, and what it is.
#[derive(Debug)]
struct OpenFile {
    file: File,
    id: FileId,
    length: u64,
}

/// The identity of a file: its device and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId(u64, u64);

impl FileLines {
    /// Looks for a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn find(name: &str, path: PathBuf, times: ReadTimes) -> Result<Self, LogsError> {
        let found = Self { name: name.into(), path: Arc::new(path), times };
        let opened = found.clone().apart(|file| file.open_now().map(drop)).await;
        opened.map_err(|error| LogsError::NoSource(error.to_string()))?;
        Ok(found)
    }

    /// Opens it as it is now, and notes how long it is. It asks disks.
    fn open_now(&self) -> Result<OpenFile, SourceError> {
        let opened = open_file(&self.path).map_err(|error| self.failed(&error))?;
        self.times.look(&self.name, opened.id, opened.length);
        Ok(opened)
    }

    fn failed(&self, error: &io::Error) -> SourceError {
        SourceError(format!("the file {} cannot be read: {error}", self.name))
    }

    /// Does something that disks may make wait, in a thread that nobody else needs.
    async fn apart<T: Send + 'static>(
        self,
        work: impl FnOnce(&Self) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, SourceError> {
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        done.unwrap_or_else(|error| Err(SourceError(format!("a file could not be read: {error}"))))
    }
}

impl LineSource for FileLines {
    fn name(&self) -> &str {
        &self.name
    }

    fn newest(&self, wanted: Newest) -> BoxFuture<'_, Result<Runs, SourceError>> {
        self.clone().apart(move |file| backwards::newest(file, &wanted)).boxed()
    }

    fn open(
        &self,
        start: Start,
        _: u64,
        is_followed: bool,
    ) -> BoxFuture<'_, Result<Box<dyn LineReader>, SourceError>> {
        async move {
            let history =
                self.clone().apart(move |file| history::FileHistory::open(file, start, is_followed)).await?;
            Ok(Box::new(history) as Box<dyn LineReader>)
        }
        .boxed()
    }
}

/// Opens a file, and nothing that is none: a pipe would wait for a writer.
fn open_file(path: &Path) -> io::Result<OpenFile> {
    check(&path.metadata()?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default(),
    );
    let file = options.open(path)?;
    let data = file.metadata()?;
    check(&data)?;
    Ok(OpenFile { id: id(&data), length: data.len(), file })
}

fn check(data: &Metadata) -> io::Result<()> {
    if data.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if data.is_file() { Ok(()) } else { Err(io::Error::other("it is no plain file")) }
}

#[cfg(unix)]
fn id(data: &Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    FileId(data.dev(), data.ino())
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> FileId {
    FileId(0, 0)
}

/// Reads at a place, without moving another reader's.
#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    file.read_at(buffer, offset)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(buffer)
}
