//! Lines of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

/// One mount. Names are bytes: a kernel does not ask for UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) id: u32,
    /// The mount that it is mounted on.
    pub(super) parent: u32,
    /// Major and minor number of its file system, the same wherever that is mounted.
    pub(super) device: (u32, u32),
    /// The mount point: a folder, or a single file in containers.
    pub(super) point: OsString,
    /// The file system: `ext4`, `fuse.sshfs`.
    pub(super) kind: String,
    /// The mounted source: `/dev/sda1`, `pool/home`, or a word.
    pub(super) source: OsString,
}

/// The mounts of a whole file; lines that are none are left out.
pub(super) fn parse(text: &[u8]) -> Vec<Mount> {
    text.split(|&byte| byte == b'\n').filter_map(parse_line).collect()
}

fn parse_line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&byte| byte == b' ');
    let id = number(fields.next()?)?;
    let parent = number(fields.next()?)?;
    let device = std::str::from_utf8(fields.next()?).ok()?.split_once(':')?;
    let device = (device.0.parse().ok()?, device.1.parse().ok()?);
    let _root = fields.next()?;
    let point = unescape(fields.next()?);
    let _options = fields.next()?;
    // Any number of optional fields, and then a hyphen.
    fields.find(|&field| field == b"-")?;
    let kind = String::from_utf8_lossy(fields.next()?).into_owned();
    let source = unescape(fields.next().unwrap_or_default());
    Some(Mount { id, parent, device, point, kind, source })
}

fn number(field: &[u8]) -> Option<u32> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// Space, tab, line feed, backslash and `#` are written as a backslash and three octal digits.
fn unescape(field: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        match after.first_chunk::<3>().and_then(octal).filter(|_| byte == b'\\') {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &after[3..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    OsString::from_vec(bytes)
}

fn octal(digits: &[u8; 3]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// Returns true if `above` is a folder above `path`, or is equal to it.
pub(super) fn is_within(path: &OsStr, above: &OsStr) -> bool {
    let (path, above) = (path.as_bytes(), above.as_bytes());
    let above = above.strip_suffix(b"/").unwrap_or(above);
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a virtual machine with Debian 12, with a folder whose name is Latin-1.
    const RECORDED: &[u8] = b"22 27 0:21 / /proc rw,relatime - proc proc rw\n\
        27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n\
        40 27 0:38 / /mnt/caf\xe9\\040au\\134lait rw,nosuid shared:5 master:3 - tmpfs none\\040at\\043all rw\n\
        41 27 0:39 /sub /srv rw - btrfs /dev/sdb1 rw,subvol=/sub\n\
        not a line\n\
        42 27 0-39 / /x rw - ext4 /dev/x rw\n\
        43 27 0:40 / /y rw shared:9\n";

    #[test]
    fn a_recorded_file_is_read_and_what_is_no_mount_is_left_out() {
        let mounts = parse(RECORDED);
        assert_eq!(mounts.iter().map(|mount| mount.id).collect::<Vec<_>>(), [22, 27, 40, 41]);
        assert_eq!((mounts[1].parent, mounts[1].device), (1, (254, 0)));
        assert_eq!((mounts[1].kind.as_str(), mounts[1].source.as_bytes()), ("ext4", &b"/dev/vda"[..]));
        assert_eq!(mounts[2].point.as_bytes(), b"/mnt/caf\xe9 au\\lait");
        assert_eq!(mounts[2].source.as_bytes(), b"none at#all");
        assert_eq!(mounts[3].device, (0, 39));
    }

    #[test]
    fn an_escape_that_is_none_stays_as_it_is() {
        for (written, read) in [("a\\04", "a\\04"), ("\\", "\\"), ("\\999", "\\999"), ("\\040", " ")] {
            assert_eq!(unescape(written.as_bytes()), OsString::from(read), "{written}");
        }
    }

    #[test]
    fn a_folder_is_above_its_own_and_not_above_its_namesakes() {
        let within = |path: &str, above: &str| is_within(OsStr::new(path), OsStr::new(above));
        assert!(within("/a/b", "/a") && within("/a", "/a") && within("/a", "/"));
        assert!(!within("/ab", "/a") && !within("/a", "/a/b"));
    }
}
