//! Which mounts hold the machine's own files, each disk once.

use std::path::PathBuf;

use sysinfo::Disk;

/// What decides whether a mount is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where: a folder, or a single file in containers.
    pub(super) point: PathBuf,
    /// What is mounted: `/dev/sda1`, the name of a pool, or a word.
    pub(super) source: String,
    /// The file system: `ext4`, `overlay`.
    pub(super) kind: String,
    /// The file system's number (`st_dev`, stat(2)), the same wherever it is mounted.
    pub(super) device: Option<u64>,
}

impl Mount {
    pub(super) fn of(disk: &Disk) -> Self {
        Self {
            point: disk.mount_point().to_owned(),
            source: disk.name().to_string_lossy().into_owned(),
            kind: disk.file_system().to_string_lossy().into_owned(),
            device: disk.id(),
        }
    }

    /// Not made of memory or other mounts, not another machine's (a file server that is gone would hold up
    /// every other measurement), and not an image, which is always full.
    pub(super) fn is_own(&self) -> bool {
        let kind = self.kind.to_ascii_lowercase();
        let is_image_device = self.source.starts_with("/dev/loop") || self.source.starts_with("/dev/sr");
        match &*kind {
            // A container's root: what it holds lies on the machine's disk.
            "overlay" | "aufs" | "fuse.fuse-overlayfs" => self.point.as_os_str() == "/",
            "fuseblk" => !is_image_device,
            _ => !is_image_device && !kind.starts_with("fuse") && !NOT_OWN.contains(&&*kind),
        }
    }

    fn is_same_disk(&self, other: &Self) -> bool {
        let same_number = self.device.is_some() && self.device == other.device;
        // Subvolumes of btrfs have a number each and share their space.
        same_number || (self.source.starts_with('/') && self.source == other.source)
    }
}

/// Beyond what `sysinfo` leaves out itself.
const NOT_OWN: [&str; 40] = [
    // Memory and windows into the kernel.
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devfs",
    "devtmpfs",
    "efivarfs",
    "mqueue",
    "nsfs",
    "nullfs",
    "proc",
    "pstore",
    "ramfs",
    "securityfs",
    "selinuxfs",
    "sysfs",
    "tmpfs",
    "tracefs",
    // Images: read-only, always full.
    "cramfs",
    "erofs",
    "iso9660",
    "romfs",
    "squashfs",
    "udf",
    // Other machines'.
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "glusterfs",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
];

/// The mounts to tell of, as places in `mounts`: of each disk that is mounted in several places (bind mounts,
/// subvolumes) the one with the shortest path, in the order of their paths.
pub(super) fn distinct(mounts: &[Mount], is_folder: impl Fn(&Mount) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..mounts.len()).filter(|&n| mounts[n].is_own()).collect();
    places.sort_by_key(|&n| (mounts[n].point.as_os_str().len(), &mounts[n].point));
    let mut kept: Vec<usize> = Vec::new();
    for n in places {
        let told = kept.iter().any(|&other| mounts[n].is_same_disk(&mounts[other]));
        // Containers are given single files of the machine: /etc/hosts is not a disk to people.
        if !told && is_folder(&mounts[n]) {
            kept.push(n);
        }
    }
    kept.sort_by_key(|&n| &mounts[n].point);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as in `/proc/mounts` (proc_mounts(5)) with the file system's number behind.
    fn told(lines: &str) -> Vec<String> {
        let mount = |line: &str| {
            let mut fields = line.split_whitespace().map(str::to_owned);
            let mut next = || fields.next().expect("four fields");
            let (source, point, kind, device) = (next(), next(), next(), next());
            Mount { point: point.into(), source, kind, device: device.parse().ok() }
        };
        let mounts: Vec<_> = lines.lines().map(mount).collect();
        let is_folder = |mount: &Mount| !mount.point.starts_with("/etc");
        distinct(&mounts, is_folder).into_iter().map(|n| mounts[n].point.display().to_string()).collect()
    }

    #[test]
    fn a_plain_server_has_its_partitions() {
        let mounts = "/dev/vda1 / ext4 1\ntmpfs /dev/shm tmpfs 2\n/dev/vda15 /boot/efi vfat 3\n\
                      overlay /var/lib/docker/overlay2/4c/merged overlay 4\nlxcfs /var/lib/lxcfs fuse.lxcfs 5\n\
                      tracefs /sys/kernel/tracing tracefs 6";
        assert_eq!(told(mounts), ["/", "/boot/efi"]);
    }

    #[test]
    fn a_container_has_its_root_and_what_it_is_given() {
        let mounts = "overlay / overlay 40\n/dev/sda2 /etc/resolv.conf ext4 2\n/dev/sda2 /etc/hosts ext4 2\n\
                      /dev/sda2 /srv/data ext4 2\n/dev/sdb1 /srv/more xfs 3";
        assert_eq!(told(mounts), ["/", "/srv/data", "/srv/more"]);
    }

    #[test]
    fn a_disk_that_is_mounted_in_several_places_is_told_once() {
        let mounts = "/dev/nvme0n1p2 /home btrfs 31\n/dev/nvme0n1p2 / btrfs 30\n/dev/mapper/data /srv xfs 7\n\
                      /dev/mapper/data /var/www/html xfs 7\nrpool/home /pool/home zfs 8\nrpool/var /pool/var zfs 9";
        assert_eq!(told(mounts), ["/", "/pool/home", "/pool/var", "/srv"]);
    }

    #[test]
    fn images_and_file_servers_are_not_told() {
        let mounts = "/dev/sda1 / ext4 1\n/dev/loop3 /snap/core/1 squashfs 2\n/dev/loop9 /mnt/image ext4 3\n\
                      me@there:/ /mnt/there fuse.sshfs 4\n/dev/sdb1 /mnt/windows fuseblk 5\n/dev/sr0 /media/disc udf 6";
        assert_eq!(told(mounts), ["/", "/mnt/windows"]);
    }
}
