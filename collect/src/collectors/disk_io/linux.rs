//! `/proc/diskstats` (proc_diskstats(5)).

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::collectors::small_file::SmallFile;

/// The stack of devices is read again this often; at once if a disk has come or gone.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The file counts in units of this many bytes, independent of the disk's own sectors.
const SECTOR: u64 = 512;

/// The file has a line of a hundred bytes or so for each device.
const LONGEST: usize = 16 << 20;

pub(super) struct DiskIoSource {
    file: SmallFile,
    stack: DeviceStack,
}

/// The devices, and what stands on what.
struct DeviceStack {
    sys: PathBuf,
    looked: Option<Instant>,
    /// For each device, true if it is a disk of its own.
    physical: HashMap<String, bool>,
}

impl DiskIoSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self {
            file: SmallFile::of_at_most(LONGEST, "/proc/diskstats"),
            stack: DeviceStack::of("/sys/class/block"),
        })
    }

    /// Bytes read from and written to each disk since the machine started.
    pub(super) fn read(&mut self) -> Vec<(String, [u64; 2])> {
        let Self { file, stack } = self;
        let told = |text: &[u8]| stack.told(&String::from_utf8_lossy(text), Instant::now());
        file.read_bytes().map_or_else(Vec::new, told)
    }
}

impl DeviceStack {
    fn of(sys: impl Into<PathBuf>) -> Self {
        Self { sys: sys.into(), looked: None, physical: HashMap::new() }
    }

    fn told(&mut self, text: &str, now: Instant) -> Vec<(String, [u64; 2])> {
        let devices: Vec<(&str, [u64; 2])> = text.lines().filter_map(parse_line).collect();
        let is_known = devices.len() == self.physical.len()
            && devices.iter().all(|(name, _)| self.physical.contains_key(*name));
        if !is_known || self.looked.is_none_or(|looked| now.duration_since(looked) >= LOOK_EVERY) {
            let names: Vec<&str> = devices.iter().map(|device| device.0).collect();
            let physical = |name: &&str| ((*name).to_owned(), is_physical(&self.sys, name, &names));
            self.physical = names.iter().map(physical).collect();
            self.looked = Some(now);
        }
        // One that was never read from, not even its first sector, is an empty drive.
        let told = devices.into_iter().filter(|(name, bytes)| {
            *bytes != [0, 0] && self.physical.get(*name).copied().unwrap_or_default()
        });
        told.map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }
}

/// Name, bytes read and bytes written of a device.
fn parse_line(line: &str) -> Option<(&str, [u64; 2])> {
    let mut fields = line.split_ascii_whitespace().skip(2);
    let name = fields.next()?;
    let read: u64 = fields.nth(2)?.parse().ok()?;
    let written: u64 = fields.nth(3)?.parse().ok()?;
    Some((name, [read.saturating_mul(SECTOR), written.saturating_mul(SECTOR)]))
}

/// Returns true if no other device counts the bytes of this one, too.
fn is_physical(sys: &Path, name: &str, names: &[&str]) -> bool {
    // Files, memory and mirrors of other disks.
    if ["loop", "ram", "zram", "fd", "drbd"].iter().any(|kind| is_numbered(name, kind)) {
        return false;
    }
    let folder = sys.join(name);
    if !folder.exists() {
        return !names.iter().any(|disk| is_partition(name, disk))
            && !["dm-", "md", "bcache"].iter().any(|kind| is_numbered(name, kind));
    }
    let has_entries =
        |folder: PathBuf| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    !folder.join("partition").exists() && !has_entries(folder.join("slaves"))
}

fn is_numbered(name: &str, kind: &str) -> bool {
    name.strip_prefix(kind).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `sda1` of `sda`, `nvme0n1p2` of `nvme0n1`.
fn is_partition(name: &str, disk: &str) -> bool {
    let Some(rest) = name.strip_prefix(disk) else { return false };
    let number =
        if disk.ends_with(|c: char| c.is_ascii_digit()) { rest.strip_prefix('p') } else { Some(rest) };
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a host with a ZFS member that is not mounted, an encrypted volume, an array and a card reader.
    const RECORDED: &str = "\
   7       0 loop0 12 0 100 5 0 0 0 0 0 8 5 0 0 0 0 0 0
   8       0 sda 164498 27538 2000 281455 34883 187761 4000 371404 0 36364 657365 17879 31 1543152 4433 1061 71
   8       1 sda1 164000 27538 1900 281000 34000 187000 3900 371000 0 36000 657000
   8      16 sdb 100 0 600 10 200 0 800 20 0 30 30
 259       0 nvme0n1 100 0 10 10 200 0 20 20 0 30 30
 259       1 nvme0n1p1 100 0 10 10 200 0 20 20 0 30 30
 253       0 dm-0 100 0 1900 10 200 0 3900 20 0 30 30
   9     127 md127 100 0 600 10 200 0 800 20 0 30 30
   8      32 sdc 0 0 0 0 0 0 0 0 0 0 0
 252       0 zram0 5 0 40 0 5 0 40 0 0 0 0
not a line
";

    fn told(sys: &Path) -> Vec<(String, [u64; 2])> {
        DeviceStack::of(sys).told(RECORDED, Instant::now())
    }

    fn expected() -> Vec<(String, [u64; 2])> {
        [("sda", [1_024_000, 2_048_000]), ("sdb", [307_200, 409_600]), ("nvme0n1", [5_120, 10_240])]
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .into()
    }

    #[test]
    fn every_disk_is_told_once_whether_it_is_mounted_or_not() {
        assert_eq!(told(Path::new("/no/such/folder")), expected(), "by names alone");
        let sys = tempfile::tempdir().expect("a folder");
        for (name, below) in [
            ("sda", None),
            ("sda1", Some("partition")),
            ("sdb", None),
            ("nvme0n1", None),
            ("nvme0n1p1", Some("partition")),
            ("dm-0", Some("slaves/sda1")),
            ("md127", Some("slaves/sdb")),
            ("sdc", None),
        ] {
            let folder = sys.path().join(name);
            fs::create_dir_all(folder.join("slaves")).expect("a folder");
            if let Some(below) = below {
                fs::write(folder.join(below), "1\n").expect("written");
            }
        }
        assert_eq!(told(sys.path()), expected(), "by what the system says");
    }

    #[test]
    fn a_name_that_only_begins_alike_is_no_partition() {
        for (name, disk, is) in [
            ("sda1", "sda", true),
            ("sdaa", "sda", false),
            ("sda", "sda", false),
            ("nvme0n10", "nvme0n1", false),
            ("nvme0n1p12", "nvme0n1", true),
        ] {
            assert_eq!(is_partition(name, disk), is, "{name} of {disk}");
        }
    }
}
