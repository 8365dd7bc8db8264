//! `pulseboard backup` and `pulseboard restore`: the store, the log, history and the settings in one file.
//!
//! The file is a tar. Its last entry lists the digests of all others, so that a file which was cut off is none. A log that is restored begins a new
//! life: clients may have been told what came after the backup.

mod command_line;
mod create;
mod names;
mod restore;

use std::{fmt, fs, path::Path};

use anyhow::Context;
use sha2::{Digest, Sha256};

pub use command_line::BackupCommand;

use crate::config::Config;

/// Carries a command out and returns what is to be printed.
///
/// # Errors
/// What kept it from being done; then nothing has changed.
pub async fn run(config: &Config, command: BackupCommand) -> anyhow::Result<String> {
    match command {
        BackupCommand::Create { file, settings } => create::create(config, settings.as_deref(), &file).await,
        BackupCommand::Restore { file } => restore::restore(config, &file).await,
    }
}

/// The SHA-256 of a file's bytes.
#[derive(Clone, PartialEq, Eq)]
struct Sum([u8; 32]);

impl Sum {
    fn of(hasher: Sha256) -> Self {
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes sure that a folder's entries are on the disk.
fn sync_folder(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("cannot write to {}", folder.display()))
}
