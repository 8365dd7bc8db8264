//! Small files that the kernel writes, read again and again.

use std::{fs::File, io::Read, path::PathBuf};

/// At most this many bytes of a file are read: the files in question have some hundred.
const LONGEST: u64 = 64 * 1024;

/// A file with the buffer that it is read into.
#[derive(Debug)]
pub(super) struct SmallFile {
    path: PathBuf,
    text: String,
}

impl SmallFile {
    /// Nothing is read yet.
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), text: String::new() }
    }

    /// Reads the file as it is now; none where it is missing, may not be read or is no text.
    pub(super) fn read(&mut self) -> Option<&str> {
        self.text.clear();
        File::open(&self.path).ok()?.take(LONGEST).read_to_string(&mut self.text).ok()?;
        Some(&self.text)
    }

    /// Reads the file as one number; none where it is something else, `max` for one.
    pub(super) fn number(&mut self) -> Option<u64> {
        self.read()?.trim().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_anew_each_time_and_what_is_no_text_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("number");
        let mut file = SmallFile::new(&path);
        assert_eq!(file.read(), None, "missing");
        let mut reads = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            file.number()
        };
        assert_eq!(reads(b"18446744073709551615\n"), Some(u64::MAX));
        assert_eq!(reads(b"7"), Some(7));
        for garbage in [&b""[..], b"max\n", b"-1", b"18446744073709551616", b"\xff\xfe", b"1 2"] {
            assert_eq!(reads(garbage), None, "{garbage:?}");
        }
        assert_eq!(SmallFile::new(folder.path()).read(), None, "a folder is no file");
    }

    #[test]
    fn no_more_than_the_bound_is_read() {
        let mut endless = SmallFile::new("/dev/zero");
        assert_eq!(endless.read().map(str::len), Some(64 * 1024));
    }
}
