//! Copies the files that are served as they are, and names the folder of the others by what they hold.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Copies a folder's contents into another.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in within(from)? {
        let copied = to.join(file.strip_prefix(from)?);
        if let Some(folder) = copied.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &copied).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Moves what lies in `pkg` into a folder in it, named by the digest of the whole site.
pub(crate) fn name_by_digest(site: &Path, pkg: &Path) -> Result<()> {
    let folder = pkg.join(digest(site)?);
    let entries = fs::read_dir(pkg)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    fs::create_dir(&folder)?;
    for entry in entries {
        let name = entry.file_name().context("a file without a name")?;
        fs::rename(&entry, folder.join(name))?;
    }
    Ok(())
}

/// The digest of names and contents, the same in whatever order the disk tells them: 96 bits in hexadecimal.
fn digest(site: &Path) -> Result<String> {
    let mut digest = Sha256::new();
    for file in within(site)? {
        let name = file.strip_prefix(site)?.to_string_lossy().into_owned();
        let bytes = fs::read(&file)?;
        for part in [name.as_bytes(), &bytes] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
    }
    Ok(digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect())
}

/// Every file below a folder, sorted.
fn within(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            list.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        for (name, contents) in files {
            let file = site.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, contents).unwrap();
        }
        site
    }

    #[test]
    fn the_digest_is_that_of_names_and_contents() {
        let of = |files: &[(&str, &str)]| digest(site(files).path()).unwrap();
        let one = of(&[("a.svg", "1"), ("pkg/b.js", "2")]);
        assert_eq!(one, of(&[("pkg/b.js", "2"), ("a.svg", "1")]));
        assert_eq!(one.len(), 24);
        for other in [
            &[("a.svg", "1"), ("pkg/b.js", "3")][..],
            &[("a.svg", "1"), ("pkg/c.js", "2")],
            &[("a.svg", "1")],
            &[("a.svg", "12"), ("pkg/b.js", "")],
        ] {
            assert_ne!(one, of(other), "{other:?}");
        }
    }

    #[test]
    fn files_of_the_page_move_into_the_folder_of_the_digest_and_others_stay() {
        let site = site(&[("a.svg", "1"), ("pkg/b.js", "2"), ("pkg/snippets/c.js", "3")]);
        let name = digest(site.path()).unwrap();
        name_by_digest(site.path(), &site.path().join("pkg")).unwrap();
        let names: Vec<_> = within(site.path()).unwrap();
        let names: Vec<_> =
            names.iter().map(|name| name.strip_prefix(site.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.svg", &format!("pkg/{name}/b.js"), &format!("pkg/{name}/snippets/c.js")]);
    }
}
