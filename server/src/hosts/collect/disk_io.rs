//! What is read from and written to disks.

use std::ffi::{OsStr, OsString};

use common::series::{Series, SeriesKind::Rate, Unit, id};
use sysinfo::{Disk, DiskRefreshKind, Disks};

use super::{Collector, Readings, rates::Rates, readings::MOST_NAMED};

/// Each mounted disk or partition, by its device's name: on Linux from `/proc/diskstats` (proc_diskstats(5)).
pub(super) struct DiskIo {
    disks: Disks,
    rates: Rates<2>,
}

impl Collector for DiskIo {
    const SERIES: &'static [Series] = &[
        Series::new(id::DISK_READ, Unit::BytesPerSecond, Rate, "Read").for_each_instance(),
        Series::new(id::DISK_WRITTEN, Unit::BytesPerSecond, Rate, "Written").for_each_instance(),
    ];

    fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { disks: Disks::new()?, rates: Rates::default() })
    }

    fn collect(&mut self, into: &mut Readings) {
        self.disks.refresh_specifics(true, DiskRefreshKind::nothing().with_io_usage());
        let rates = self.rates.advance(into.now(), self.disks.iter().filter_map(counters));
        for (device, [read, written]) in rates.into_iter().take(MOST_NAMED) {
            into.set_named(id::DISK_READ, &device, read);
            into.set_named(id::DISK_WRITTEN, &device, written);
        }
    }
}

/// Bytes read and written since the machine started; a disk that is mounted in several places counts once.
fn counters(disk: &Disk) -> Option<(OsString, [u64; 2])> {
    let usage = disk.usage();
    let counts = [usage.total_read_bytes, usage.total_written_bytes];
    // Not even its superblock was read: the system keeps no count of this one (overlays, file servers,
    // pools).
    let is_counted = counts != [0, 0];
    let device = device(disk.name());
    (is_counted && !device.is_empty() && !device.starts_with("loop")).then(|| (device.into(), counts))
}

/// `/dev/sda1` is `sda1`, `/dev/mapper/vg-root` is `vg-root`.
fn device(name: &OsStr) -> String {
    let name = name.to_string_lossy();
    let short = name.strip_prefix("/dev/mapper/").or_else(|| name.strip_prefix("/dev/"));
    short.unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_goes_by_its_short_name() {
        for (name, short) in
            [("/dev/sda1", "sda1"), ("/dev/mapper/vg-root", "vg-root"), ("Macintosh HD", "Macintosh HD")]
        {
            assert_eq!(device(OsStr::new(name)), short);
        }
    }
}
