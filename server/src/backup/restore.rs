//! Restores a backup into a data folder that is not there yet, or empty.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};
use tar::{Archive, Entry};
use tokio::task::spawn_blocking;

use super::{Sum, names, sync_folder};
use crate::config::Config;

/// The list of digests is no longer than this: enough for a hundred thousand segments.
const LONGEST_LIST: u64 = 16 << 20;

/// The folder that is unpacked into.
const RESTORING: &str = ".restoring";

/// A folder that the root of a new disk has.
const OF_THE_DISK: &str = "lost+found";

pub(super) async fn restore(config: &Config, file: &Path) -> anyhow::Result<String> {
    let (from, to) = (file.to_owned(), config.data_dir.clone());
    let unpacked = spawn_blocking(move || Unpacked::new(&from, to)).await??;
    let ended = unpacked.end_sessions().await?;
    let told = unpacked.told(ended);
    spawn_blocking(move || unpacked.put_in_place()).await??;
    Ok(told)
}

/// A backup that was read whole, in a folder within its place, which may be a mounted disk, or all that its user may write to. The folder
/// goes with it.
struct Unpacked {
    within: PathBuf,
    to: PathBuf,
    /// True if there was no such place before.
    is_new: bool,
    files: usize,
}

impl Unpacked {
    fn new(file: &Path, to: PathBuf) -> anyhow::Result<Self> {
        if fs::read_dir(&to)
            .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name() != OF_THE_DISK))
        {
            bail!(
                "{} holds data already: restore into an empty folder, and let the server use that",
                to.display()
            );
        }
        let within = to.join(RESTORING);
        let opened = fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut unpacked = Self { within, is_new: !to.exists(), to, files: 0 };
        unpacked.make_folder(&unpacked.within)?;
        let read = unpacked.read(opened).with_context(|| format!("{} cannot be restored", file.display()));
        unpacked.files = read?;
        let store = unpacked.within.join(store_sqlite::FILE);
        if store.exists() {
            store_sqlite::check(&store).with_context(|| format!("the store in {}", file.display()))?;
        }
        Ok(unpacked)
    }

    /// Reads every entry, and holds the digests against the list at the end. Returns the number of files.
    fn read(&self, file: fs::File) -> anyhow::Result<usize> {
        let mut found = BTreeMap::new();
        let mut archive = Archive::new(io::BufReader::new(file));
        for (index, entry) in archive.entries()?.enumerate() {
            let entry = entry.context("it is no tar, or cut off")?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if !entry.header().entry_type().is_file() {
                bail!("{name:?} is no file");
            }
            if index == 0 && name != names::FORM {
                bail!("it is no backup of Pulseboard");
            }
            match name.as_str() {
                names::SUMS => return Self::compare(entry, &found),
                names::FORM => found.insert(name, Self::form(entry)?),
                _ if names::is_kept(&name) => {
                    let sum = self
                        .take(entry, &name)
                        .with_context(|| format!("{name:?} is cut off, or cannot be written"))?;
                    found.insert(name, sum)
                }
                _ => bail!("{name:?} belongs to no backup"),
            };
        }
        bail!("it is cut off: its list of digests is missing")
    }

    fn form(mut entry: Entry<'_, impl Read>) -> anyhow::Result<Sum> {
        let mut text = String::new();
        let length = entry.size();
        (&mut entry).take(64).read_to_string(&mut text)?;
        if (text.len() as u64) < length.min(64) {
            bail!("it is cut off");
        }
        if text != names::FORM_VERSION {
            bail!("it was made by a newer version");
        }
        let mut hasher = Sha256::new();
        hasher.update(text.as_bytes());
        Ok(Sum::of(hasher))
    }

    fn take(&self, mut entry: Entry<'_, impl Read>, name: &str) -> anyhow::Result<Sum> {
        let path = self.within.join(name);
        if let Some(folder) = path.parent() {
            self.make_folder(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let (mut hasher, mut left) = (Sha256::new(), entry.size());
        let mut some = vec![0; 64 << 10];
        while left > 0 {
            let length = entry.read(&mut some)?;
            if length == 0 {
                bail!("{left} bytes are missing");
            }
            hasher.update(&some[..length]);
            file.write_all(&some[..length])?;
            left = left.saturating_sub(length as u64);
        }
        file.sync_all()?;
        Ok(Sum::of(hasher))
    }

    fn compare(entry: Entry<'_, impl Read>, found: &BTreeMap<String, Sum>) -> anyhow::Result<usize> {
        let mut list = String::new();
        entry.take(LONGEST_LIST).read_to_string(&mut list)?;
        let said: Option<BTreeMap<_, _>> =
            list.lines().map(|line| line.split_once("  ").map(|(sum, name)| (name, sum))).collect();
        let said = said.context("its list of digests cannot be read")?;
        if let Some((name, _)) =
            found.iter().find(|(name, sum)| said.get(name.as_str()) != Some(&sum.to_string().as_str()))
        {
            bail!("{name:?} is not as it was when the backup was made");
        }
        if said.len() != found.len() {
            bail!("files are missing");
        }
        Ok(found.len())
    }

    fn make_folder(&self, folder: &Path) -> anyhow::Result<()> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("cannot make {}", folder.display()))
    }

    /// Ends every session of the restored accounts: one that was ended after the backup must not come back. Returns how many there were.
    async fn end_sessions(&self) -> anyhow::Result<usize> {
        let folder = self.within.clone();
        if !folder.join(store_sqlite::FILE).exists() {
            return Ok(0);
        }
        let store = spawn_blocking(move || SqliteStore::open(&folder, SqliteOptions::default())).await??;
        let (mut ended, never) = (0, i64::MAX.unsigned_abs());
        loop {
            let some = store.sessions().sweep(never, never).await?.len();
            ended += some;
            if some == 0 {
                break;
            }
        }
        store.close().await;
        Ok(ended)
    }

    fn told(&self, ended: usize) -> String {
        let shown = self.to.display();
        let settings = if self.within.join(names::SETTINGS).exists() {
            format!("its settings are in {}\n", self.to.join(names::SETTINGS).display())
        } else {
            String::new()
        };
        format!(
            "{} files are restored to {shown}; start the server with --data-dir {shown}\n{settings}{ended} sessions have ended: people sign in again\n",
            self.files
        )
    }

    fn put_in_place(self) -> anyhow::Result<()> {
        for entry in fs::read_dir(&self.within)? {
            let entry = entry?;
            let place = self.to.join(entry.file_name());
            fs::rename(entry.path(), &place)
                .with_context(|| format!("cannot put the data at {}", place.display()))?;
        }
        sync_folder(&self.within)?;
        sync_folder(&self.to)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.within);
        if self.is_new {
            // With what was put in place it stays.
            let _ = fs::remove_dir(&self.to);
        }
    }
}
