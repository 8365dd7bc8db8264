//! The files that a copy of a folder is made of.

use std::{fs, io, path::Path};

/// The names of the files to copy, in order, also while another process writes in the folder. Open all of them, and ask again: if the names
/// are the same, the open files, each as long as it is, are a whole; files only grow, or give way to others.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_to_copy(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if entry.file_type()?.is_file() && is_file_to_copy(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Reports that a file of this name may belong to a folder: it can stand in no other, and is neither its lock nor damaged.
#[must_use]
pub fn is_file_to_copy(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let is_known = matches!(ending, Some("sealed" | "journal" | "names" | "begun")) || name == "change";
    name.len() <= 64 && name.bytes().all(allowed) && !name.starts_with('.') && is_known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_folders_own_files_is_copied() {
        for name in [
            "0000000001.journal",
            "full-0-00500000-0000000003.sealed",
            "0000000002.names",
            "change",
            "change.begun",
        ] {
            assert!(is_file_to_copy(name), "{name}");
        }
        for name in ["", "lock", "x.damaged", "../x.names", ".x.names", "a/b.sealed", "X.sealed", "changes"] {
            assert!(!is_file_to_copy(name), "{name}");
        }
    }
}
