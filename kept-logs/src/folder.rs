//! The files of the folder.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::error::KeptLogsError;

/// The extension of a part to which lines are appended.
pub(crate) const OPEN: &str = "open";
/// The extension of a part that is sealed.
pub(crate) const SEALED: &str = "kept";
/// The extension of one that cannot be read.
pub(crate) const DAMAGED: &str = "damaged";

/// The path of a part.
pub(crate) fn file(folder: &Path, number: u64, extension: &str) -> PathBuf {
    folder.join(format!("{number:010}.{extension}"))
}

/// The number of a part, by its path.
pub(crate) fn number_of(path: &Path) -> Option<u64> {
    path.file_stem()?.to_str()?.parse().ok()
}

/// The bytes of a file.
pub(crate) fn length(path: &Path) -> Result<u64, KeptLogsError> {
    fs::metadata(path).map(|data| data.len()).map_err(KeptLogsError::io(path))
}

/// Removes a file, unless it is gone already.
pub(crate) fn remove(path: &Path) -> Result<(), KeptLogsError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(KeptLogsError::io(path)(error)),
        _ => Ok(()),
    }
}

/// Keeps a file that cannot be read for as long as one that can, for whoever can read more of it.
pub(crate) fn set_aside(number: u64, path: PathBuf) -> Result<(u64, PathBuf, u64), KeptLogsError> {
    let aside = path.with_extension(DAMAGED);
    fs::rename(&path, &aside).map_err(KeptLogsError::io(&path))?;
    sync(path.parent().unwrap_or(Path::new("/")))?;
    tracing::warn!(path = %aside.display(), "a part of the kept lines is damaged and is set aside");
    let length = length(&aside)?;
    Ok((number, aside, length))
}

/// Takes the folder for as long as the file is held; the system lets go of it when the process ends, however it does.
pub(crate) fn lock(folder: &Path) -> Result<File, KeptLogsError> {
    let path = folder.join("lock");
    let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = open.map_err(KeptLogsError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(KeptLogsError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(KeptLogsError::io(&path)(error)),
    }
}

/// Makes the folder's new and removed names last.
pub(crate) fn sync(folder: &Path) -> Result<(), KeptLogsError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(KeptLogsError::io(folder))
}
