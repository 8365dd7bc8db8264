//! The places of panics in the sources of others. Each is a path in the module's constants, of which nobody who reads a message in a browser can
//! open one; our own stay.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// The sources of Rust's own library, and those that it was built with: what such a path begins with.
const LIBRARY: [&str; 2] = ["/rustc/", "/rust/deps/"];
/// The section of a module's constants (WebAssembly 3.0, §5.5.14).
const DATA: u8 = 11;

/// Overwrites the paths to others' sources with zeros: what is all the same takes no room in a compressed file.
pub(crate) fn blank(module: &mut [u8], root: &Path) -> Result<()> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let names = crates(&lock);
    let Some(data) = data_section(module) else { return Ok(()) };
    for begin in names.iter().map(String::as_str).chain(LIBRARY) {
        blank_all(data, begin.as_bytes());
    }
    Ok(())
}

/// Returns how the paths of each crate from outside begin: `serde_json-1.0.154/src/`.
fn crates(lock: &str) -> Vec<String> {
    let field = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
        Some(line.trim_matches('"').to_owned())
    };
    let packages = lock.split("[[package]]").filter(|package| field(package, "source").is_some());
    packages
        .filter_map(|package| {
            Some([&field(package, "name")?, "-", &field(package, "version")?, "/src/"].concat())
        })
        .collect()
}

/// Overwrites each path that begins like this, up to its `.rs`. Constants stand side by side: the next one begins there.
fn blank_all(data: &mut [u8], begin: &[u8]) {
    let mut from = 0;
    while let Some(at) = data[from..].windows(begin.len()).position(|window| window == begin) {
        let start = from + at;
        let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-.".contains(byte);
        let longest = data[start..].iter().take_while(|byte| is_path(byte)).count();
        let length = data[start..start + longest].windows(3).position(|window| window == b".rs");
        let end = start + length.map_or(begin.len(), |length| length + 3);
        if length.is_some() {
            data[start..end].fill(0);
        }
        from = end;
    }
}

/// Returns the section of constants, if the module has one.
fn data_section(module: &mut [u8]) -> Option<&mut [u8]> {
    // Behind the magic number and the version.
    let mut at = 8;
    while at < module.len() {
        let kind = module[at];
        let (length, start) = leb128(module, at + 1)?;
        let end = start.checked_add(length)?;
        if kind == DATA {
            return module.get_mut(start..end);
        }
        at = end;
    }
    None
}

/// Reads a number, and returns the place behind it, too.
fn leb128(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some((number, at));
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "app"
version = "0.1.0"

[[package]]
name = "itoa"
version = "1.0.18"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

    #[test]
    fn others_paths_go_and_the_texts_beside_them_stay() {
        let path = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/option.rs";
        let text = ["wordsitoa-1.0.18/src/lib.rsmore", path, "app/src/format.rs/rustc/ is no path"].concat();
        let mut module = b"\0asm\x01\0\0\0\x01\x02ab\x0b".to_vec();
        module.extend([text.len() as u8 | 0x80, (text.len() >> 7) as u8]);
        module.extend(text.as_bytes());
        let names = crates(LOCK);
        assert_eq!(names, ["itoa-1.0.18/src/"]);
        let data = data_section(&mut module).expect("it has one");
        assert_eq!(data.len(), text.len());
        for begin in names.iter().map(String::as_str).chain(LIBRARY) {
            blank_all(data, begin.as_bytes());
        }
        let left: String = String::from_utf8_lossy(data).replace('\0', "");
        assert_eq!(left, "wordsmoreapp/src/format.rs/rustc/ is no path");
        assert_eq!(data.len(), text.len());
        assert!(data_section(&mut b"\0asm\x01\0\0\0\x01\xff".to_vec()).is_none());
    }
}
