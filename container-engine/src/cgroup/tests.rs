use std::{fs, os::unix::fs::symlink, path::Path};

use tempfile::TempDir;

use super::{CgroupError, CgroupFinder, count_list, parse_interfaces, parse_mounts};
use crate::usage::{MemoryBasis, Transferred};

const ID: &str = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A host with these hierarchies in a folder, and a process 7 in these groups.
fn host(folder: &TempDir, mounts: &str, groups: &str) -> CgroupFinder {
    let root = folder.path();
    let net = "Inter-| Receive\n face |bytes\n    lo: 9 0 0 0 0 0 0 0 9 0 0 0 0 0 0 0\n  eth0: 100 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n";
    write(&root.join("proc"), &[("7/cgroup", groups), ("7/net/dev", net), ("7/ns/x", ""), ("self/ns/x", "")]);
    symlink("net:[2]", root.join("proc/7/ns/net")).unwrap();
    symlink("net:[1]", root.join("proc/self/ns/net")).unwrap();
    let mounts = mounts.replace("ROOT", root.to_str().unwrap());
    CgroupFinder { processes: root.join("proc"), mounts: parse_mounts(&mounts), online_cpus: Some(2) }
}

#[test]
fn version_2_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let group = format!("system.slice/docker-{ID}.scope");
    let finder = host(
        &folder,
        "30 23 0:26 / ROOT/cg rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate",
        &format!("0::/{group}/init.scope\n"),
    );
    write(
        &folder.path().join("cg").join(&group),
        &[
            ("cpu.stat", "usage_usec 880000\nuser_usec 840000\n"),
            ("memory.current", "888832\n"),
            ("memory.stat", "anon 49152\ninactive_file 192512\n"),
            ("memory.max", "max\n"),
            ("memory.events", "low 0\noom 1\noom_kill 3\n"),
            (
                "io.stat",
                "98:0 rbytes=471040 wbytes=5 rios=9 wios=1 dbytes=0 dios=0\n98:1 rbytes=1 wbytes=1\n",
            ),
            ("pids.current", "1\n"),
            ("pids.max", "100\n"),
        ],
    );
    let reading = finder.find(&ID.parse().unwrap(), 7).unwrap().read().unwrap();
    // The values of the recorded statistics of the same container.
    assert_eq!(reading.cpu, 880_000_000);
    assert_eq!(reading.memory, Some((888_832 - 192_512, MemoryBasis::WithoutInactiveFile)));
    assert_eq!((reading.memory_limit, reading.oom_kills), (None, Some(3)));
    assert_eq!(reading.disks, Some(Transferred { received: 471_041, sent: 6 }));
    assert_eq!((reading.pids, reading.pids_limit, reading.online_cpus), (Some(1), Some(100), Some(2)));
    assert_eq!(reading.network, Some(Transferred { received: 100, sent: 50 }));
}

#[test]
fn version_1_is_read_where_it_has_the_controllers() {
    let folder = tempfile::tempdir().unwrap();
    let mounts = "1 0 0:1 / ROOT/u rw - cgroup2 cgroup2 rw\n\
                  2 0 0:2 / ROOT/cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
                  3 0 0:3 / ROOT/memory rw - cgroup cgroup rw,memory\n\
                  4 0 0:4 / ROOT/blkio rw - cgroup cgroup rw,blkio\n\
                  5 0 0:5 / / rw - ext4 /dev/vda rw\n";
    let groups =
        format!("4:memory:/docker/{ID}\n3:blkio:/docker/{ID}\n2:cpu,cpuacct:/docker/{ID}\n0::/docker/{ID}\n");
    let finder = host(&folder, mounts, &groups);
    let root = folder.path();
    let group = format!("docker/{ID}");
    write(&root.join("cpuacct").join(&group), &[("cpuacct.usage", "47772715\n")]);
    write(
        &root.join("memory").join(&group),
        &[
            ("memory.usage_in_bytes", "532480\n"),
            ("memory.stat", "inactive_file 7\ntotal_inactive_file 4096\n"),
            ("memory.limit_in_bytes", "9223372036854771712\n"),
            ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
        ],
    );
    write(
        &root.join("blkio").join(&group),
        &[(
            "blkio.throttle.io_service_bytes_recursive",
            "98:0 Read 5\n98:0 Write 6\n98:0 Total 11\nTotal 11\n",
        )],
    );
    write(&root.join("u").join(&group), &[("pids.current", "4\n"), ("pids.max", "max\n")]);
    let reading = finder.find(&ID.parse().unwrap(), 7).unwrap().read().unwrap();
    assert_eq!(reading.cpu, 47_772_715);
    assert_eq!(reading.memory, Some((528_384, MemoryBasis::WithoutInactiveFile)));
    assert_eq!((reading.memory_limit, reading.oom_kills), (None, Some(2)));
    assert_eq!(reading.disks, Some(Transferred { received: 5, sent: 6 }));
    assert_eq!((reading.pids, reading.pids_limit), (Some(4), None));
}

#[test]
fn processes_of_others_and_views_from_inside_are_not_here() {
    let mounts = "1 0 0:1 / ROOT/u rw - cgroup2 cgroup2 rw\n";
    for groups in ["0::/user.slice\n", "0::/../474c3790\n", "0::/\n", "", "nonsense", "0:x"] {
        let folder = tempfile::tempdir().unwrap();
        let finder = host(&folder, mounts, groups);
        assert_eq!(finder.find(&ID.parse().unwrap(), 7).err(), Some(CgroupError::NotHere), "{groups}");
        assert_eq!(finder.find(&ID.parse().unwrap(), 8).err(), Some(CgroupError::NotHere));
    }
    let folder = tempfile::tempdir().unwrap();
    let outside = format!("0::/../../{ID}\n");
    assert!(
        host(&folder, mounts, &outside).find(&ID.parse().unwrap(), 7).is_err(),
        "no path leaves the hierarchy"
    );
}

#[test]
fn an_end_between_finding_and_reading_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let finder = host(
        &folder,
        "1 0 0:1 / ROOT/u rw - cgroup2 cgroup2 rw\n",
        &format!("0::/libpod_parent/libpod-{ID}\n"),
    );
    let group = finder.find(&ID.parse().unwrap(), 7).unwrap();
    assert_eq!(group.read(), Err(CgroupError::NotHere));
    write(&folder.path().join(format!("u/libpod_parent/libpod-{ID}")), &[("cpu.stat", "nonsense\n")]);
    assert!(matches!(group.read(), Err(CgroupError::Unreadable { .. })));
}

#[test]
fn a_part_of_a_hierarchy_may_be_mounted() {
    let folder = tempfile::tempdir().unwrap();
    let finder =
        host(&folder, "1 0 0:1 /docker ROOT/u rw - cgroup2 cgroup2 rw\n", &format!("0::/docker/{ID}\n"));
    write(&folder.path().join(format!("u/{ID}")), &[("cpu.stat", "usage_usec 1\n")]);
    assert_eq!(finder.find(&ID.parse().unwrap(), 7).unwrap().read().unwrap().cpu, 1_000);
}

#[test]
fn lists_of_processors_are_counted() {
    let cases = [
        ("0-3\n", Some(4)),
        ("0", Some(1)),
        ("0-1,4,6-7", Some(5)),
        ("", None),
        ("3-1", None),
        ("0-4294967295,1", None),
        ("x", None),
    ];
    for (text, wanted) in cases {
        assert_eq!(count_list(text), wanted, "{text}");
    }
    assert_eq!(parse_interfaces("lo: 1 2 3\neth0: x\neth1\n"), None);
}
