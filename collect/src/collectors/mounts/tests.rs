//! Mounts of machines as they are met, as lines of mountinfo.

use super::{super::mountinfo::parse, *};

/// The first place of each disk that is told of, with what it is known by; `~` marks those that are only watched.
fn told(lines: &str) -> Vec<String> {
    let disks = disks(&parse(lines.as_bytes()));
    let name = |disk: &Disk| {
        let mark = if disk.role == Role::Watched { "~" } else { "" };
        format!("{mark}{}", disk.points[0].to_string_lossy())
    };
    disks.iter().map(name).collect()
}

#[test]
fn a_plain_server_has_its_partitions() {
    let mounts = "1 0 254:1 / / rw - ext4 /dev/vda1 rw\n2 1 0:2 / /dev/shm rw - tmpfs tmpfs rw\n\
        3 1 254:15 / /boot/efi rw - vfat /dev/vda15 rw\n4 1 0:44 / /var/lib/docker/overlay2/4c/merged rw - overlay overlay rw\n\
        5 1 0:45 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw\n6 1 0:12 / /sys/kernel/tracing rw - tracefs tracefs rw";
    assert_eq!(told(mounts), ["/", "/boot/efi"]);
}

#[test]
fn a_container_has_its_root_and_what_it_is_given() {
    let mounts = "1 0 0:40 / / rw - overlay overlay rw\n2 1 8:2 /etc/hosts /etc/hosts rw - ext4 /dev/sda2 rw\n\
        3 1 8:2 /data /srv/data rw - ext4 /dev/sda2 rw\n4 1 8:17 / /srv/more rw - xfs /dev/sdb1 rw";
    let disks = disks(&parse(mounts.as_bytes()));
    assert_eq!(disks[0].role, Role::Overlay);
    assert_eq!(told(mounts), ["/", "/srv/data", "/srv/more"]);
    assert_eq!(disks[1].points, ["/srv/data", "/etc/hosts"], "if the first is a file, the next is tried");
}

#[test]
fn a_disk_that_is_mounted_in_several_places_is_told_once() {
    let mounts = "1 0 0:31 /root / rw - btrfs /dev/nvme0n1p2 rw\n2 1 0:31 /home /home rw - btrfs /dev/nvme0n1p2 rw\n\
        3 1 253:7 / /srv rw - xfs /dev/mapper/data rw\n4 1 253:7 /html /var/www/html rw - xfs /dev/mapper/data rw\n\
        5 1 0:51 / /pool/home rw - zfs rpool/home rw\n6 1 0:52 / /pool/var rw - zfs rpool/var rw";
    assert_eq!(told(mounts), ["/", "/pool/var", "/srv"]);
}

#[test]
fn images_are_not_told_and_what_may_not_answer_is_watched() {
    let mounts = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 7:3 / /snap/core/1 ro - squashfs /dev/loop3 ro\n\
        3 1 7:9 / /mnt/image rw - ext4 /dev/loop9 rw\n4 1 0:50 / /mnt/there rw - fuse.sshfs me@there:/ rw\n\
        5 1 8:17 / /mnt/windows rw - fuseblk /dev/sdb1 rw\n6 1 11:0 / /media/disc ro - udf /dev/sr0 ro\n\
        7 1 0:60 / /net rw - autofs auto rw\n8 7 0:61 / /net/host rw - nfs4 host:/ rw\n9 1 0:62 / /nfs rw - nfs4 host:/x rw";
    assert_eq!(told(mounts), ["/", "/mnt/image", "/mnt/windows", "~/mnt/there", "~/nfs"]);
}

#[test]
fn an_image_as_root_is_not_told_and_var_is() {
    let mounts = "1 0 7:0 / / ro - squashfs /dev/loop0 ro\n2 1 8:3 / /var rw - ext4 /dev/sda3 rw\n\
        3 1 0:20 / /tmp rw - tmpfs tmpfs rw";
    assert_eq!(told(mounts), ["/var"]);
    let mounts = "1 0 0:19 / / ro - overlay overlay ro\n2 1 0:21 / /var rw - tmpfs tmpfs rw";
    assert_eq!(told(mounts), ["/", "/var"]);
    assert!(disks(&parse(mounts.as_bytes())).iter().all(|disk| disk.system));
}

#[test]
fn what_is_covered_by_another_mount_is_not_asked_under_its_name() {
    let covered = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:17 / /mnt rw - xfs /dev/sdb1 rw\n3 2 8:33 / /mnt rw - xfs /dev/sdc1 rw";
    assert_eq!(told(covered), ["/", "/mnt"]);
    let disks = disks(&parse(covered.as_bytes()));
    assert_eq!(disks[1].id, DiskId::Device(8, 33), "the upper one");
    let below = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:17 / /mnt/deep/place rw - xfs /dev/sdb1 rw\n\
        3 1 8:33 / /mnt rw - xfs /dev/sdc1 rw\n4 3 8:49 / /mnt/deep rw - xfs /dev/sdd1 rw";
    assert_eq!(told(below), ["/", "/mnt", "/mnt/deep"]);
}

#[test]
fn thousands_of_places_of_one_disk_are_one_disk() {
    let mut mounts = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n".to_owned();
    for n in 2..4_002 {
        mounts += &format!("{n} 1 8:1 /d /srv/{n} rw - ext4 /dev/sda1 rw\n");
    }
    let disks = disks(&parse(mounts.as_bytes()));
    assert_eq!((disks.len(), disks[0].points.len(), &*disks[0].points[0]), (1, TRIES, OsStr::new("/")));
}

#[test]
fn a_name_that_is_not_utf_8_is_a_disk_like_any_other() {
    let disks =
        disks(&parse(b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /mnt/caf\xe9 rw - ext4 /dev/sda2 rw"));
    assert_eq!(disks.len(), 2);
    assert_eq!(disks[1].points[0].as_bytes(), b"/mnt/caf\xe9");
}
