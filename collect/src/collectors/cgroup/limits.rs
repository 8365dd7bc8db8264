//! The files of a control group, of version 2 or 1.

use std::{path::Path, time::Instant};

use common::Percent;

use crate::collectors::small_file::SmallFile;

/// Version 1 writes no limit as the largest number of pages, in bytes; no machine has a quarter of it.
const NO_LIMIT: u64 = 1 << 60;

/// The files of one group.
#[derive(Debug)]
pub(super) struct GroupFiles {
    memory: MemoryFiles,
    cpu: CpuFiles,
    /// The time on the cores, microseconds, and the moment of its last reading.
    before: Option<(Instant, u64)>,
    pids: [SmallFile; 2],
}

#[derive(Debug)]
struct MemoryFiles {
    limit: SmallFile,
    used: SmallFile,
    stat: SmallFile,
    /// The line of `stat` that counts the page cache that was not used lately, of the group and of those below it.
    cache: &'static str,
}

#[derive(Debug)]
enum CpuFiles {
    V2 { limit: SmallFile, stat: SmallFile },
    V1 { quota: SmallFile, period: SmallFile, usage: SmallFile },
}

impl GroupFiles {
    /// The files of the group at the root of a tree. Nothing is read yet.
    pub(super) fn below(root: &Path) -> Self {
        let is_v2 = root.join("cgroup.controllers").exists();
        let file = |folder: &str, name: &str| {
            SmallFile::new(if is_v2 { root.join(name) } else { root.join(folder).join(name) })
        };
        let (memory, cpu) = if is_v2 {
            let memory = MemoryFiles {
                limit: file("", "memory.max"),
                used: file("", "memory.current"),
                stat: file("", "memory.stat"),
                cache: "inactive_file ",
            };
            (memory, CpuFiles::V2 { limit: file("", "cpu.max"), stat: file("", "cpu.stat") })
        } else {
            let memory = MemoryFiles {
                limit: file("memory", "memory.limit_in_bytes"),
                used: file("memory", "memory.usage_in_bytes"),
                stat: file("memory", "memory.stat"),
                cache: "total_inactive_file ",
            };
            let cpu = CpuFiles::V1 {
                quota: file("cpu", "cpu.cfs_quota_us"),
                period: file("cpu", "cpu.cfs_period_us"),
                // Both controllers share a tree on most systems; where they do not, this file is missing.
                usage: file("cpu", "cpuacct.usage"),
            };
            (memory, cpu)
        };
        let pids = [file("pids", "pids.max"), file("pids", "pids.current")];
        Self { memory, cpu, before: None, pids }
    }

    /// Memory in use, percent of the limit; none without a limit.
    pub(super) fn memory(&mut self) -> Option<f64> {
        let MemoryFiles { limit, used, stat, cache } = &mut self.memory;
        let limit = limit.number().filter(|&limit| limit < NO_LIMIT)?;
        let used = used.number()?;
        let cache = stat.read().and_then(|text| line(text, cache)).unwrap_or(0);
        percent(used.saturating_sub(cache) as f64, limit as f64)
    }

    /// Time on the cores since the reading before, percent of what the limit allows in the time that really passed. `now` is read
    /// beside the counter.
    pub(super) fn cpu(&mut self, now: impl Fn() -> Instant) -> Option<f64> {
        let reading = self.cpu.read();
        let now = now();
        let Some((cores, used)) = reading else {
            self.before = None;
            return None;
        };
        let (taken, before) = self.before.replace((now, used))?;
        let passed = now.saturating_duration_since(taken).as_micros() as f64;
        percent(used.checked_sub(before)? as f64, passed * cores)
    }

    /// Processes and threads, percent of the limit; none without a limit.
    pub(super) fn pids(&mut self) -> Option<f64> {
        let [limit, used] = &mut self.pids;
        let limit = limit.number()?;
        percent(used.number()? as f64, limit as f64)
    }
}

impl CpuFiles {
    /// The number of cores that the limit is worth, and the time on the cores so far, microseconds.
    fn read(&mut self) -> Option<(f64, u64)> {
        match self {
            Self::V2 { limit, stat } => {
                let (quota, period) = limit.read()?.trim().split_once(' ')?;
                let cores = cores(quota.parse().ok()?, period.parse().ok()?)?;
                Some((cores, line(stat.read()?, "usage_usec ")?))
            }
            Self::V1 { quota, period, usage } => {
                let cores = cores(quota.number()?, period.number()?)?;
                Some((cores, usage.number()? / 1000))
            }
        }
    }
}

fn cores(quota: u64, period: u64) -> Option<f64> {
    (quota > 0 && period > 0).then(|| quota as f64 / period as f64)
}

fn percent(part: f64, whole: f64) -> Option<f64> {
    Percent::of(part, whole).map(Percent::get)
}

/// The number of the line that begins like this.
fn line(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;

    /// A group of version 2, in the form of Linux 6.1.
    const V2: &[(&str, &str)] = &[
        ("cgroup.controllers", "cpuset cpu io memory pids\n"),
        ("memory.max", "536870912\n"),
        ("memory.current", "402653184\n"),
        ("memory.stat", "anon 201326592\nfile 201326592\nkernel 1048576\ninactive_file 134217728\n"),
        ("cpu.max", "50000 100000\n"),
        ("cpu.stat", "usage_usec 1000000\nuser_usec 600000\nsystem_usec 400000\nnr_periods 0\n"),
        ("pids.max", "200\n"),
        ("pids.current", "50\n"),
    ];
    const V1: &[(&str, &str)] = &[
        ("memory/memory.limit_in_bytes", "536870912\n"),
        ("memory/memory.usage_in_bytes", "402653184\n"),
        ("memory/memory.stat", "cache 201326592\ninactive_file 1\ntotal_inactive_file 134217728\n"),
        ("cpu/cpu.cfs_quota_us", "50000\n"),
        ("cpu/cpu.cfs_period_us", "100000\n"),
        ("cpu/cpuacct.usage", "1000000000\n"),
        ("pids/pids.max", "200\n"),
        ("pids/pids.current", "50\n"),
    ];

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, GroupFiles) {
        let root = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            write(&root, file, text);
        }
        let files = GroupFiles::below(root.path());
        (root, files)
    }

    fn write(root: &tempfile::TempDir, file: &str, text: &str) {
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("written");
    }

    #[test]
    fn both_versions_tell_the_shares_of_their_limits() {
        for (files, usage, later) in
            [(V2, "cpu.stat", "usage_usec 1250000\n"), (V1, "cpu/cpuacct.usage", "1250000000\n")]
        {
            let (root, mut group) = tree(files);
            assert_eq!((group.memory(), group.pids()), (Some(50.0), Some(25.0)));
            let start = Instant::now();
            assert_eq!(group.cpu(|| start), None, "one reading is no share");
            write(&root, usage, later);
            assert_eq!(group.cpu(|| start + Duration::from_secs(1)), Some(50.0), "half of half a core");
            assert_eq!(group.cpu(|| start + Duration::from_secs(2)), Some(0.0));
            write(&root, usage, files.iter().find(|file| file.0 == usage).expect("it").1);
            assert_eq!(group.cpu(|| start + Duration::from_secs(3)), None, "the counter began anew");
        }
    }

    #[test]
    fn what_has_no_limit_has_no_share() {
        let none = |mut group: GroupFiles| {
            let start = Instant::now();
            group.cpu(|| start);
            let cpu = group.cpu(|| start + Duration::from_secs(1));
            assert_eq!((group.memory(), cpu, group.pids()), (None, None, None));
        };
        let (root, group) = tree(V2);
        for (file, text) in [("memory.max", "max\n"), ("cpu.max", "max 100000\n"), ("pids.max", "max\n")] {
            write(&root, file, text);
        }
        none(group);
        let (root, group) = tree(V1);
        for (file, text) in [
            ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("cpu/cpu.cfs_quota_us", "-1\n"),
            ("pids/pids.max", "max\n"),
        ] {
            write(&root, file, text);
        }
        none(group);
        none(tree(&V2[..1]).1);
        none(tree(&[]).1);
    }

    #[test]
    fn garbage_is_no_share_and_no_panic() {
        for text in ["", "0", "0 0", "5 0", "-1 -1", "\0", "18446744073709551616 1", "max", "1 2 3"] {
            let (root, mut group) = tree(V2);
            for (file, _) in &V2[1..] {
                write(&root, file, text);
            }
            let start = Instant::now();
            group.cpu(|| start);
            assert_eq!(group.cpu(|| start + Duration::from_secs(1)), None, "{text:?}");
            assert_eq!((group.memory(), group.pids()), (None, None), "{text:?}");
        }
        let (root, mut group) = tree(V2);
        write(&root, "memory.current", "18446744073709551615\n");
        write(&root, "memory.stat", "inactive_file x\n");
        assert_eq!(group.memory(), Some(100.0));
    }
}
