//! Which mounts are told of: each disk once, by its number and never by its name.

use std::{
    collections::{HashMap, HashSet},
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
};

use super::mountinfo::{Mount, is_within};

/// At most this many mount points of one disk are tried until one is a folder: containers are given single files of a
/// disk.
const TRIES: usize = 8;

/// The identity of a disk: its device's number, or the pool's name if many file systems share one pool.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum DiskId {
    Device(u32, u32),
    Pool(OsString),
}

/// The treatment of a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// It has a row with its numbers.
    Listed,
    /// A mount of this machine that lies on another disk, and is left out if that disk has a row.
    Overlay,
    /// It is another machine's or a program's: it has a row only while it gives no answer.
    Watched,
}

/// A disk with the places where it is mounted, the one that stands for it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Disk {
    pub(super) id: DiskId,
    pub(super) role: Role,
    pub(super) points: Vec<OsString>,
    /// True if the system itself lies on the disk: then it counts, even if it is removable.
    pub(super) system: bool,
}

/// File systems that keep nothing: memory, windows into the kernel, and images, which are always full.
const EMPTY: [&str; 38] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "cramfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "ecryptfs",
    "efivarfs",
    "erofs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nfsd",
    "nsfs",
    "proc",
    "pstore",
    "ramfs",
    "resctrl",
    "romfs",
    "rootfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smackfs",
    "squashfs",
    "sysfs",
    "tracefs",
    "udf",
    "usbfs",
    "xenfs",
    "fuse.portal",
    "fuse.lxcfs",
    "fuse.gvfsd-fuse",
];

/// Those of other machines.
const REMOTE: [&str; 16] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// Local ones without a device number of their own.
const NUMBERLESS: [&str; 5] = ["bcachefs", "btrfs", "ubifs", "zfs", "apfs"];

/// The folders of the system that must not fill up.
const SYSTEM: [&str; 5] = ["/", "/var", "/usr", "/home", "/boot"];

impl Mount {
    fn id(&self) -> DiskId {
        if self.kind == "zfs" {
            let pool = self.source.as_bytes().split(|&byte| byte == b'/').next().unwrap_or_default();
            return DiskId::Pool(OsStr::from_bytes(pool).to_owned());
        }
        DiskId::Device(self.device.0, self.device.1)
    }

    fn is_system(&self) -> bool {
        SYSTEM.iter().any(|point| self.point == *point)
    }

    fn role(&self) -> Option<Role> {
        let kind = &*self.kind;
        // An image or a memory disk may hold the whole system, and `/var` may be laid over one.
        let holds_system = self.point == "/" || self.point == "/var";
        match kind {
            _ if EMPTY.contains(&kind) => None,
            "overlay" | "aufs" | "fuse.fuse-overlayfs" => holds_system.then_some(Role::Overlay),
            "tmpfs" => holds_system.then_some(Role::Listed),
            "fuseblk" => Some(Role::Listed),
            _ if kind == "fuse" || kind.starts_with("fuse.") || REMOTE.contains(&kind) => {
                Some(if self.point == "/" { Role::Listed } else { Role::Watched })
            }
            _ if self.device.0 != 0 || NUMBERLESS.contains(&kind) => Some(Role::Listed),
            _ => (self.point == "/").then_some(Role::Listed),
        }
    }
}

/// The disks to ask, those of the system first and then by their places.
pub(super) fn disks(mounts: &[Mount]) -> Vec<Disk> {
    let seen = MountStack::of(mounts);
    let mut disks: HashMap<DiskId, Disk> = HashMap::new();
    for mount in mounts.iter().filter(|mount| seen.can_be_reached(mount)) {
        let Some(role) = mount.role().filter(|&role| role != Role::Watched || !seen.is_automatic(mount))
        else {
            continue;
        };
        let id = mount.id();
        let disk =
            disks.entry(id.clone()).or_insert_with(|| Disk { id, role, points: Vec::new(), system: false });
        disk.role = disk.role.min(role);
        disk.system |= mount.is_system();
        // The shortest stand for it, in order: few of thousands are kept.
        let key = |point: &OsString| (point.len(), point.clone());
        let place = disk.points.partition_point(|known| key(known) < key(&mount.point));
        if place < TRIES {
            disk.points.insert(place, mount.point.clone());
            disk.points.truncate(TRIES);
        }
    }
    let mut disks: Vec<Disk> = disks.into_values().collect();
    disks.sort_by(|one, other| {
        (one.role == Role::Watched, !one.system, &one.points).cmp(&(
            other.role == Role::Watched,
            !other.system,
            &other.points,
        ))
    });
    disks
}

/// The mounts that cover each other, in order.
struct MountStack<'a> {
    by_id: HashMap<u32, &'a Mount>,
    /// Each mount by the one that it is mounted on, and where.
    places: HashSet<(u32, &'a OsStr)>,
}

impl<'a> MountStack<'a> {
    fn of(mounts: &'a [Mount]) -> Self {
        Self {
            by_id: mounts.iter().map(|mount| (mount.id, mount)).collect(),
            places: mounts.iter().map(|mount| (mount.parent, &*mount.point)).collect(),
        }
    }

    /// Returns true if a path leads to the mount: no later mount covers it or a folder above it.
    fn can_be_reached(&self, mount: &Mount) -> bool {
        let mut mount = mount;
        // A chain of parents is no longer than there are mounts.
        for _ in 0..=self.by_id.len() {
            let covered = self.places.contains(&(mount.id, &*mount.point));
            if covered || self.is_below_a_sibling(mount) {
                return false;
            }
            match self.by_id.get(&mount.parent) {
                Some(parent) if parent.id != mount.id && is_within(&mount.point, &parent.point) => {
                    // A mount on the parent's own place covers it, and is what is seen there.
                    if parent.point == mount.point {
                        return self.parent_is_open(parent);
                    }
                    mount = parent;
                }
                _ => return true,
            }
        }
        true
    }

    /// Returns true if a path leads to the parent, which the mount in question may cover.
    fn parent_is_open(&self, parent: &Mount) -> bool {
        let mut parent = parent;
        for _ in 0..=self.by_id.len() {
            if self.is_below_a_sibling(parent) {
                return false;
            }
            match self.by_id.get(&parent.parent) {
                Some(above) if above.id != parent.id => parent = above,
                _ => return true,
            }
        }
        true
    }

    fn is_below_a_sibling(&self, mount: &Mount) -> bool {
        let point = mount.point.as_bytes();
        let slashes = (1..point.len()).filter(|&index| point[index] == b'/');
        slashes
            .map(|index| OsStr::from_bytes(&point[..index]))
            .any(|above| self.places.contains(&(mount.parent, above)))
    }

    /// Returns true if the mount was made on demand: to ask it would keep it mounted for ever.
    fn is_automatic(&self, mount: &Mount) -> bool {
        self.by_id.get(&mount.parent).is_some_and(|parent| parent.kind == "autofs")
    }
}

#[cfg(test)]
mod tests;
