//! The first bytes of each file: of which kind it is, and of which version.
//!
//! A header is four bytes of the kind, the version, and the crc32 (IEEE) of both, four bytes each, little-endian: a version that is newer is
//! told from one that is damaged.

/// The version that this code writes.
pub(crate) const VERSION: u32 = 1;
/// The bytes of a header.
pub(crate) const HEADER: usize = 12;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Journal,
    Sealed,
    Names,
    Change,
}

/// The meaning of the first bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// A file of this version.
    Current,
    /// A file of a version that is not known yet.
    Newer(u32),
    /// No header of this kind.
    Damaged,
}

impl FileKind {
    fn word(self) -> &'static [u8; 4] {
        match self {
            Self::Journal => b"PBHJ",
            Self::Sealed => b"PBHS",
            Self::Names => b"PBHN",
            Self::Change => b"PBHC",
        }
    }

    /// The header of a file that is begun.
    pub(crate) fn header(self) -> [u8; HEADER] {
        self.header_of(VERSION)
    }

    fn header_of(self, version: u32) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(self.word());
        header[4..8].copy_from_slice(&version.to_le_bytes());
        let crc = crc32fast::hash(&header[..8]);
        header[8..].copy_from_slice(&crc.to_le_bytes());
        header
    }

    /// Looks at the first bytes of a file.
    pub(crate) fn read(self, bytes: &[u8]) -> Header {
        let version =
            bytes.get(4..8).and_then(|four| four.first_chunk()).map_or(0, |four| u32::from_le_bytes(*four));
        match bytes.first_chunk::<HEADER>() {
            Some(header) if *header == self.header() => Header::Current,
            Some(header) if version > VERSION && *header == self.header_of(version) => Header::Newer(version),
            _ => Header::Damaged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_is_told_from_damage() {
        let mut header = FileKind::Sealed.header();
        assert_eq!(FileKind::Sealed.read(&header), Header::Current);
        assert_eq!(FileKind::Names.read(&header), Header::Damaged);
        assert_eq!(FileKind::Sealed.read(&header[..11]), Header::Damaged);
        header[4] = 2;
        assert_eq!(FileKind::Sealed.read(&header), Header::Damaged);
        assert_eq!(FileKind::Sealed.read(&FileKind::Sealed.header_of(2)), Header::Newer(2));
    }
}
