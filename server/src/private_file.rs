//! Files that only the server's own user may read: keys and tokens.

use std::{fs, io::Write, path::Path};

use anyhow::Context;

/// Writes a file whole or not at all: beside its place first, and there when it is on the disk.
///
/// # Errors
/// When it cannot be written; the error names it.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_added_extension("new");
    let cannot = || format!("cannot write {}", path.display());
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).with_context(cannot),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    file.sync_all().with_context(cannot)?;
    fs::rename(&beside, path).with_context(cannot)
}

/// Returns true if others than its owner may read a file.
pub(crate) fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}
