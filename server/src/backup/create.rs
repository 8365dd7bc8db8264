//! Makes a backup, while the server runs or not.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use tar::{Builder, Header};
use tokio::task::spawn_blocking;

use super::{Sum, names, sync_folder};
use crate::{config::Config, open_files};

/// A running server takes the oldest segment away now and then; its entries are then in a newer one. Where that happens while the
/// segments are opened, which takes no time, they are listed again.
const TRIES: usize = 100;

/// The copy of the store waits so long for a server that writes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn create(config: &Config, settings: Option<&Path>, to: &Path) -> anyhow::Result<String> {
    let source = Source {
        data: config.data_dir.clone(),
        settings: settings.map(Path::to_owned),
        has_store: config.store.url.is_none(),
        has_log: config.broker.url.is_none(),
    };
    let (file, made) = (to.to_owned(), to.to_owned());
    let size = spawn_blocking(move || source.write(&file)).await??;
    let mut told = format!(
        "{} has {size} bytes; it holds passwords' hashes and secrets: keep it as you keep those\n",
        made.display()
    );
    if config.store.url.is_some() {
        told.push_str("the accounts are in PostgreSQL and not in it: back those up with pg_dump\n");
    }
    if config.broker.url.is_some() {
        told.push_str("the log is at NATS and not in it: back that up with `nats account backup`\n");
    }
    Ok(told)
}

/// The places that a backup is made of.
struct Source {
    data: PathBuf,
    settings: Option<PathBuf>,
    has_store: bool,
    has_log: bool,
}

impl Source {
    /// Writes the file, and takes it away again where that fails. One that is cut off all the same, as by a kill, is refused when it is
    /// restored: its list of digests comes last. Returns its size.
    fn write(&self, to: &Path) -> anyhow::Result<u64> {
        if !self.data.is_dir() {
            bail!("there is no data folder {}: name the server's with --data-dir", self.data.display());
        }
        let cannot = || format!("cannot write {}", to.display());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
        let file = match file {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                bail!("{} exists already: choose another name", to.display())
            }
            file => file.with_context(cannot)?,
        };
        let store = to.with_added_extension("store");
        let written = self.write_parts(file, &store).with_context(cannot);
        let _ = fs::remove_file(&store);
        if written.is_err() {
            let _ = fs::remove_file(to);
        }
        let size = written?;
        sync_folder(to)?;
        Ok(size)
    }

    fn write_parts(&self, file: File, store: &Path) -> anyhow::Result<u64> {
        // Of an earlier one that was killed.
        let _ = fs::remove_file(store);
        if self.has_store {
            let from = self.data.join(store_sqlite::FILE);
            if !from.is_file() {
                bail!(
                    "{} has no {}: is it the server's data folder?",
                    self.data.display(),
                    store_sqlite::FILE
                );
            }
            store_sqlite::backup(&from, store, PATIENCE)?;
        }
        self.write_archive(file, store)
    }

    fn write_archive(&self, file: File, store: &Path) -> anyhow::Result<u64> {
        let mut archive = Archive { builder: Builder::new(file), sums: String::new() };
        archive.add(names::FORM, names::FORM_VERSION.as_bytes(), names::FORM_VERSION.len() as u64)?;
        if let Some(settings) = &self.settings {
            archive.add_file(names::SETTINGS, settings)?;
        }
        if self.has_store {
            archive.add_file(store_sqlite::FILE, store)?;
        }
        for name in names::SMALL {
            let path = self.data.join(name);
            if path.is_file() {
                archive.add_file(name, &path)?;
            }
        }
        if self.has_log {
            for (name, segment) in open_segments(&self.data.join(names::LOG))? {
                archive.add_open(&format!("{}/{name}", names::LOG), segment)?;
            }
        }
        let history = self.data.join(names::HISTORY);
        if history.is_dir() {
            for (name, file) in open_history(&history)? {
                archive.add_open(&format!("{}/{name}", names::HISTORY), file)?;
            }
        }
        archive.finish()
    }
}

/// Opens every file of history before one is read: as long as their names stay, they are a whole.
fn open_history(folder: &Path) -> anyhow::Result<Vec<(String, File)>> {
    for _ in 0..TRIES {
        let names = history::files_to_copy(folder)?;
        open_files::raise(names.len());
        let opened: io::Result<Vec<_>> =
            names.iter().map(|name| Ok((name.clone(), File::open(folder.join(name))?))).collect();
        match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(_) if history::files_to_copy(folder)? != names => {}
            opened => return opened.with_context(|| format!("cannot read {}", folder.display())),
        }
    }
    bail!("the files of history are replaced faster than they can be opened: try again")
}

/// Opens every segment of the log before one is read: an open file is whole, also when the server has taken it away.
fn open_segments(log: &Path) -> anyhow::Result<Vec<(String, File)>> {
    for _ in 0..TRIES {
        let segments = broker_journal::segment_files(log)?;
        open_files::raise(segments.len());
        let opened: io::Result<Vec<_>> =
            segments.into_iter().map(|(name, path)| Ok((name, File::open(path)?))).collect();
        match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened.with_context(|| format!("cannot read {}", log.display())),
        }
    }
    bail!("the log's segments are taken away faster than they can be opened: try again")
}

struct Archive {
    builder: Builder<File>,
    sums: String,
}

impl Archive {
    /// Adds a file as long as it is now: what a running server writes behind that is not in the backup.
    fn add_file(&mut self, name: &str, path: &Path) -> anyhow::Result<()> {
        let context = || format!("cannot read {}", path.display());
        self.add_open(name, File::open(path).with_context(context)?).with_context(context)
    }

    fn add_open(&mut self, name: &str, file: File) -> anyhow::Result<()> {
        let length = file.metadata()?.len();
        self.add(name, file, length)
    }

    fn add(&mut self, name: &str, from: impl Read, length: u64) -> anyhow::Result<()> {
        let mut hashed = Hashing { from: from.take(length), hasher: Sha256::new() };
        self.builder.append_data(&mut header(length), name, &mut hashed)?;
        writeln!(self.sums, "{}  {name}", Sum::of(hashed.hasher))?;
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<u64> {
        let sums = std::mem::take(&mut self.sums);
        self.builder.append_data(&mut header(sums.len() as u64), names::SUMS, sums.as_bytes())?;
        let mut file = self.builder.into_inner()?;
        file.flush()?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }
}

fn header(length: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_size(length);
    header.set_mode(0o600);
    header
}

/// Reads on, and hashes what it reads.
struct Hashing<R> {
    from: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(into)?;
        self.hasher.update(&into[..length]);
        Ok(length)
    }
}
