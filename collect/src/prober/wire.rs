//! The bytes between the server and its prober: both run the same binary, so there is one version of them.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

/// The longest path that is asked about: `PATH_MAX` of Linux.
const LONGEST_PATH: usize = 4096;
/// The most of a file that is read.
pub(super) const LONGEST_READ: usize = 4096;

const SPACE: u8 = b's';
const READ: u8 = b'r';
const OK: u8 = 1;
const FAILED: u8 = 0;

/// A question to the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    /// Asks for the use of the file system at this mount point: a [`SpaceStat`].
    Space(PathBuf),
    /// The first bytes of this file.
    Read(PathBuf),
}

/// Answer to [`Request::Space`]: what `statvfs` and `stat` say of a mount point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpaceStat {
    /// Bytes in all.
    pub(crate) total: u64,
    /// Bytes in no file.
    pub(crate) free: u64,
    /// Bytes that programs without privileges can have.
    pub(crate) available: u64,
    /// The number of files that the file system can hold. Equal totals and equal files tell an overlay from the disk
    /// below it.
    pub(crate) files: u64,
    /// True if the file system is read-only.
    pub(crate) read_only: bool,
    /// True if the path is a folder: containers are given single files, too.
    pub(crate) folder: bool,
}

/// Length of an encoded [`SpaceStat`].
const STAT: usize = 4 * 8 + 2;

impl Request {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Space(path) | Self::Read(path) => path,
        }
    }

    /// Encodes it: kind, length, path.
    pub(super) fn encode(&self) -> Vec<u8> {
        let kind = if matches!(self, Self::Space(_)) { SPACE } else { READ };
        let path = self.path().as_os_str().as_bytes();
        let length = u32::try_from(path.len()).unwrap_or(u32::MAX);
        [&[kind], &length.to_le_bytes()[..], path].concat()
    }

    /// Decodes the next one; none at the end of the pipe.
    pub(super) fn decode(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut kind = [0];
        if from.read(&mut kind)? == 0 {
            return Ok(None);
        }
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        if length > LONGEST_PATH {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let mut path = vec![0; length];
        from.read_exact(&mut path)?;
        let path = PathBuf::from(OsString::from_vec(path));
        match kind {
            [SPACE] => Ok(Some(Self::Space(path))),
            [READ] => Ok(Some(Self::Read(path))),
            _ => Err(io::Error::from(io::ErrorKind::InvalidData)),
        }
    }
}

impl SpaceStat {
    pub(super) fn encode(&self) -> Vec<u8> {
        let numbers = [self.total, self.free, self.available, self.files].map(u64::to_le_bytes);
        [numbers.concat(), vec![u8::from(self.read_only), u8::from(self.folder)]].concat()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; STAT] = bytes.try_into().ok()?;
        let number = |index: usize| Some(u64::from_le_bytes(*bytes.get(index * 8..)?.first_chunk()?));
        let [.., read_only, folder] = *bytes;
        Some(Self {
            total: number(0)?,
            free: number(1)?,
            available: number(2)?,
            files: number(3)?,
            read_only: read_only != 0,
            folder: folder != 0,
        })
    }
}

/// Writes an answer in one piece: length, whether it went well, bytes or the error's number.
pub(super) fn write_answer(to: &mut impl Write, answer: &io::Result<Vec<u8>>) -> io::Result<()> {
    let body = match answer {
        Ok(bytes) => [&[OK], &bytes[..]].concat(),
        Err(error) => [&[FAILED], &error.raw_os_error().unwrap_or(0).to_le_bytes()[..]].concat(),
    };
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    to.write_all(&[&length.to_le_bytes()[..], &body].concat())?;
    to.flush()
}

/// The answer that `bytes` begin with, and the number of its bytes; none while some of it has not come yet.
pub(super) fn read_answer(bytes: &[u8]) -> Option<(io::Result<Vec<u8>>, usize)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let body = rest.get(..length)?;
    let answer = match body.split_first() {
        Some((&OK, bytes)) => Ok(bytes.to_vec()),
        Some((&FAILED, number)) => {
            let number = number.first_chunk::<4>().map_or(0, |number| i32::from_le_bytes(*number));
            Err(io::Error::from_raw_os_error(number))
        }
        _ => Err(io::Error::from(io::ErrorKind::InvalidData)),
    };
    Some((answer, 4 + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_arrive_as_they_were_asked() {
        let bad_name = PathBuf::from(OsString::from_vec(b"/mnt/caf\xe9 \n".to_vec()));
        let asked = [Request::Space("/".into()), Request::Read(bad_name), Request::Space(PathBuf::new())];
        let bytes: Vec<u8> = asked.iter().flat_map(Request::encode).collect();
        let mut from = &bytes[..];
        for request in asked {
            assert_eq!(Request::decode(&mut from).expect("readable"), Some(request));
        }
        assert_eq!(Request::decode(&mut from).expect("readable"), None);
    }

    #[test]
    fn what_is_no_question_is_an_error() {
        for bytes in [&b"x\0\0\0\0"[..], b"s\xff\xff\xff\xff", b"s\x05\0\0\0ab", b"s\0"] {
            assert!(Request::decode(&mut &*bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn an_answer_is_whole_or_not_there_yet() {
        let stat = SpaceStat { total: 9, free: 8, available: 7, files: 6, read_only: true, folder: false };
        let mut bytes = Vec::new();
        write_answer(&mut bytes, &Ok(stat.encode())).expect("written");
        for cut in 0..bytes.len() {
            assert!(read_answer(&bytes[..cut]).is_none(), "{cut}");
        }
        let (answer, length) = read_answer(&[&bytes[..], b"the next"].concat()).expect("whole");
        assert_eq!(length, bytes.len());
        let answer = answer.expect("well");
        assert_eq!(SpaceStat::decode(&answer), Some(stat));
        assert_eq!(SpaceStat::decode(&answer[1..]), None);
        let mut bytes = Vec::new();
        write_answer(&mut bytes, &Err(io::Error::from_raw_os_error(2))).expect("written");
        let error = read_answer(&bytes).expect("whole").0.expect_err("an error");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
