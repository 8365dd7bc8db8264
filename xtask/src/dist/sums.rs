//! `SHA256SUMS`, as `sha256sum --check` reads it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

/// The file's name.
const NAME: &str = "SHA256SUMS";

/// A file and its digest, in hexadecimal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) name: String,
    pub(super) digest: String,
}

pub(super) fn write(folder: &Path) -> Result<()> {
    let mut text = String::new();
    for Sum { name, digest } in of(folder)? {
        writeln!(text, "{digest}  {name}")?;
    }
    Ok(fs::write(folder.join(NAME), text)?)
}

/// The sums of a folder's files, but for their own file, by name.
pub(super) fn of(folder: &Path) -> Result<Vec<Sum>> {
    let others = files(folder)?.into_iter().filter(|(name, _)| name != NAME);
    others.map(|(name, _)| Ok(Sum { digest: hex(&fs::read(folder.join(&name))?), name })).collect()
}

/// The names and sizes of a folder's files, by name.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    files.sort();
    Ok(files)
}

/// The SHA-256 of these bytes, in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256sum_finds_nothing_wrong() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b"), "2").unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        write(folder.path()).unwrap();
        let check = std::process::Command::new("sha256sum")
            .args(["--check", "--strict", NAME])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(check.status.success(), "{check:?}");
        let names: Vec<_> = of(folder.path()).unwrap().into_iter().map(|sum| sum.name).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
