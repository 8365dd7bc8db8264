//! The journal of this machine, where there is one.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::logs::settings::{JournalUse, LogSourceSettings};

/// The folders in which systemd keeps it (systemd-journald.service(8)).
const FOLDERS: [&str; 2] = ["/var/log/journal", "/run/log/journal"];
const PROGRAM: &str = "journalctl";

/// The journal of this machine; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::logs) struct Journal {
    pub(super) program: PathBuf,
    /// The folder of its files, where it is none of the usual ones.
    pub(super) folder: Option<PathBuf>,
}

impl Journal {
    /// Looks if there is one that can be read. It asks disks.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(in crate::logs) fn find(settings: &LogSourceSettings) -> Result<Self, &'static str> {
        if settings.journal == JournalUse::Off {
            return Err("the settings turn it off");
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let program = env::split_paths(&path).map(|folder| folder.join(PROGRAM)).find(|path| path.is_file());
        let program = program.ok_or("journalctl is not installed")?;
        let folder = settings.journal_directory.clone();
        let folders: Vec<&Path> = match &folder {
            Some(folder) => vec![folder.as_path()],
            None => FOLDERS.map(Path::new).to_vec(),
        };
        if folders.into_iter().any(has_journal) {
            Ok(Self { program, folder })
        } else {
            Err("there is no file of it that this process may read; the group systemd-journal may")
        }
    }
}

/// True if a file of a journal can be read in a folder, or in one of its folders, which are named after machines.
fn has_journal(folder: &Path) -> bool {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let is_one =
        |path: &Path| path.extension().is_some_and(|end| end == "journal") && fs::File::open(path).is_ok();
    entries(folder).any(|entry| {
        let path = entry.path();
        is_one(&path) || entries(&path).any(|inner| is_one(&inner.path()))
    })
}
