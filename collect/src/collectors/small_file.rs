//! Small files that the kernel writes, read again and again.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::PathBuf,
};

/// At most this many bytes of a file are read, where nothing else is said: the files in question have some hundred.
const LONGEST: usize = 64 * 1024;
/// The room that a file is read into at first.
const ROOM: usize = 1024;

/// A file of the kernel, which stays open, with the buffer that it is read into.
///
/// Read from its beginning the kernel writes such a file anew each time (Documentation/filesystems/seq_file.rst). To look its path up again
/// would cost as much as to read it.
#[derive(Debug)]
pub(super) struct SmallFile {
    path: PathBuf,
    longest: usize,
    file: Option<File>,
    bytes: Vec<u8>,
    /// So many of `bytes` are those of the file.
    length: usize,
}

impl SmallFile {
    /// Nothing is read yet.
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self::of_at_most(LONGEST, path)
    }

    /// A file that may have so many bytes.
    pub(super) fn of_at_most(longest: usize, path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), longest, file: None, bytes: Vec::new(), length: 0 }
    }

    /// Reads the file as it is now; none where it is missing, may not be read or is no text.
    pub(super) fn read(&mut self) -> Option<&str> {
        std::str::from_utf8(self.read_bytes()?).ok()
    }

    /// Reads the file as it is now; none where it is missing or may not be read.
    pub(super) fn read_bytes(&mut self) -> Option<&[u8]> {
        // The file that is open may be gone, and another one be in its place: a limit of a container that was made anew.
        if self.file.is_none() || self.fill().is_err() {
            self.file = File::open(&self.path).ok();
            if self.fill().is_err() {
                self.file = None;
                return None;
            }
        }
        Some(&self.bytes[..self.length])
    }

    /// Reads the file as one number; none where it is something else, `max` for one.
    pub(super) fn number(&mut self) -> Option<u64> {
        self.read()?.trim().parse().ok()
    }

    fn fill(&mut self) -> io::Result<()> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        if is_removed(file) {
            return Err(io::ErrorKind::NotFound.into());
        }
        file.rewind()?;
        self.length = 0;
        loop {
            if self.length == self.bytes.len() {
                self.bytes.resize((2 * self.length).max(ROOM).min(self.longest), 0);
            }
            match file.read(&mut self.bytes[self.length..]) {
                // The whole of it, or as much as there is room for.
                Ok(0) => return Ok(()),
                Ok(read) => self.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Returns true if an open file has no name any more.
#[cfg(unix)]
fn is_removed(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|facts| facts.nlink() == 0)
}

/// Returns true if an open file has no name any more: here it cannot be removed.
#[cfg(not(unix))]
fn is_removed(_: &File) -> bool {
    false
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
    fn a_file_that_is_another_one_now_is_read_as_it_is_now() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("number");
        std::fs::write(&path, b"1").expect("written");
        let mut file = SmallFile::new(&path);
        assert_eq!(file.number(), Some(1));
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(file.number(), None);
        std::fs::write(&path, b"20").expect("written");
        assert_eq!((file.number(), file.number()), (Some(20), Some(20)));
        std::fs::write(&path, b"").expect("written");
        assert_eq!(file.read(), Some(""));
    }

    #[test]
    fn no_more_than_the_bound_is_read() {
        let mut endless = SmallFile::new("/dev/zero");
        assert_eq!(endless.read().map(str::len), Some(64 * 1024));
    }
}
