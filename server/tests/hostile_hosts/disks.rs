//! Mounts and disks that were counted wrongly, or not at all.

use crate::host::{EXT4, Host, Plan, names};

#[test]
fn a_mount_with_a_bad_name_is_told_beside_the_others_and_read_only_is_seen_when_it_comes() {
    let setup = EXT4.to_owned() + "bad=$(printf \"$T/caf\\351\"); ext4 \"$bad\"";
    let host = Host::start(&Plan { setup: &setup, ..Plan::default() });
    let _watch = host.watch();
    let name = host.until("the mount is told", |snapshot| {
        let metrics = snapshot.metrics.as_ref()?;
        names(metrics, "filesystem.used").into_iter().find(|name| name.contains("caf\\xe9"))
    });
    let metrics = host.snapshot().metrics.expect("numbers");
    let all = names(&metrics, "filesystem.used");
    assert!(all.len() >= 2 && metrics.value("disk.percent").is_some(), "the others stay: {all:?}");
    let read_only = |metrics: &common::Sample| metrics.values.get_labelled("filesystem.read_only", &name);
    assert_eq!(read_only(&metrics), None);
    host.run("mount -o remount,ro \"$(printf \"$T/caf\\351\")\"");
    host.until("it is read-only now", |snapshot| read_only(snapshot.metrics.as_ref()?));
}

#[test]
fn the_system_disk_counts_though_a_link_calls_it_usb() {
    let setup = r#"
        root=$(findmnt -no SOURCE /)
        mkdir "$T/dev"
        mount -t tmpfs tmpfs "$T/dev"
        for node in null zero random urandom tty "${root#/dev/}"; do
            [ -e "/dev/$node" ] && cp -a "/dev/$node" "$T/dev/" || true
        done
        mkdir -p "$T/dev/disk/by-id"
        ln -s "../../$(basename "$root")" "$T/dev/disk/by-id/usb-A_System_Disk-0:0"
        mount --bind "$T/dev" /dev
    "#;
    let host = Host::start(&Plan { setup, ..Plan::default() });
    host.until("the disk is measured", |snapshot| snapshot.metrics.as_ref()?.value("disk.percent"));
}

#[test]
fn an_image_as_root_is_no_full_disk_and_var_counts() {
    let setup = EXT4.to_owned()
        + r#"
        mkdir "$T/empty" "$T/root"
        for folder in proc sys dev tmp var usr lib lib64 bin etc; do mkdir "$T/empty/$folder"; done
        touch "$T/empty/pulseboard"
        mksquashfs "$T/empty" "$T/root.squashfs" -quiet -no-progress > /dev/null
        mount -o loop "$T/root.squashfs" "$T/root"
        ext4 "$T/root/var"
        mount --bind /proc "$T/root/proc"; mount --bind /sys "$T/root/sys"; mount --bind /dev "$T/root/dev"
        mount -t tmpfs tmpfs "$T/root/tmp"
        for folder in usr lib lib64; do mount --bind -o ro "/$folder" "$T/root/$folder"; done
        mount --bind "$BINARY" "$T/root/pulseboard"
    "#;
    let host = Host::start(&Plan { setup: &setup, root: Some("root"), ..Plan::default() });
    let metrics = host.until("var is measured", |snapshot| {
        let metrics = snapshot.metrics.clone()?;
        metrics.values.get_labelled("filesystem.used", "/var").is_some().then_some(metrics)
    });
    assert_eq!(metrics.values.get_labelled("filesystem.used", "/"), None, "{metrics:?}");
    let fullest = metrics.value("disk.percent").expect("a share");
    assert!(fullest < 100.0, "{fullest}");
}

#[test]
fn each_disk_is_counted_once_however_often_it_is_mounted() {
    let setup = EXT4.to_owned()
        + r#"
        ext4 "$T/disk"
        mkdir "$T/disk/a" "$T/disk/b" "$T/over" "$T/upper" "$T/work"
        touch "$T/disk/file" "$T/file"
        mount --bind "$T/disk/a" "$T/disk/b"; mount --bind "$T/disk/file" "$T/file"
        for n in $(seq 200); do mkdir "$T/bind.$n"; mount --bind "$T/disk/a" "$T/bind.$n"; done
        mkdir "$T/disk/upper" "$T/disk/work"
        mount -t overlay overlay -o "lowerdir=$T/upper,upperdir=$T/disk/upper,workdir=$T/disk/work" "$T/over"
    "#;
    let host = Host::start(&Plan { setup: &setup, ..Plan::default() });
    let _watch = host.watch();
    let own = host.folder.path().to_string_lossy().into_owned();
    let told = host.until("the disk is told", |snapshot| {
        let metrics = snapshot.metrics.as_ref()?;
        let told: Vec<String> =
            names(metrics, "filesystem.total").into_iter().filter(|name| name.starts_with(&own)).collect();
        (!told.is_empty()).then_some(told)
    });
    assert_eq!(told, [format!("{own}/disk")]);
}

/// Of a host with a database on a raw volume: `sdy` is mounted nowhere.
fn diskstats(sectors: u64) -> String {
    format!(
        "   8     144 sdy 10 0 {sectors} 5 20 0 {} 5 0 5 5\n   8     145 sdy1 10 0 {sectors} 5 20 0 7 5 0 5 5\n \
         253       7 dm-7 10 0 {sectors} 5 20 0 7 5 0 5 5\n",
        sectors * 2
    )
}

#[test]
fn a_disk_that_is_not_mounted_has_its_activity_told_once() {
    let first = diskstats(1_000);
    let files = [("diskstats", &*first)];
    let setup = "mount --bind $T/diskstats /proc/diskstats";
    let host = Host::start(&Plan { setup, files: &files, ..Plan::default() });
    let _watch = host.watch();
    let mut sectors = 1_000;
    let system = host.until("the disk is told", |snapshot| {
        std::fs::write(host.folder.path().join("diskstats"), diskstats(sectors)).expect("written");
        let system = snapshot.system.clone()?;
        system.values.get_labelled("disk.read", "sdy").is_some().then_some(system)
    });
    sectors += 1_000_000;
    std::fs::write(host.folder.path().join("diskstats"), diskstats(sectors)).expect("written");
    let (read, written) = host.until("it is busy", |snapshot| {
        let system = snapshot.system.as_ref()?;
        let read = system.values.get_labelled("disk.read", "sdy").filter(|&read| read > 0.0)?;
        Some((read, system.values.get_labelled("disk.written", "sdy")?))
    });
    assert_eq!(names(&system, "disk.read"), ["sdy"], "not its partition, and not what lies on it");
    assert!((written - 2.0 * read).abs() <= read * 0.01, "{read} {written}");
}
