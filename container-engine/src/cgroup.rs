//! A container's use of its host from the kernel's files, where they can be read: exact, and far cheaper than asking an engine.
//!
//! The files are found by the cgroups of the container's first process. Version 2 has one folder for each group, version 1 one for each
//! controller; a host may have both. Drivers name the folders differently, but the container's id stands in each.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    sync::OnceLock,
    time::Instant,
};

use crate::{
    id::ContainerId,
    usage::{MemoryBasis, Reading, Transferred},
};

/// No file of a cgroup that is read here is longer.
const MAX_FILE: usize = 256 * 1024;
/// Limits of memory from here on stand for none (cgroup v1 writes the largest number of pages).
const NO_LIMIT: u64 = 1 << 62;

/// Why a container's files cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CgroupError {
    /// The container has ended, or its engine is on another host or behind another view of the processes.
    #[error("the container has no cgroup on this host")]
    NotHere,
    /// The files are there, and this process may not read them, or they are not as the kernel writes them.
    #[error("the file {path}: {why}")]
    Unreadable {
        /// The path.
        path: String,
        /// The system's sentence.
        why: String,
    },
}

/// Finds the cgroups of containers.
#[derive(Debug, Clone)]
pub struct CgroupFinder {
    /// The folder of processes.
    processes: PathBuf,
    mounts: Vec<CgroupMount>,
    online_cpus: Option<u32>,
}

/// A mounted hierarchy.
#[derive(Debug, Clone)]
struct CgroupMount {
    /// The controllers of version 1; none for version 2.
    controllers: Option<Vec<String>>,
    /// The part of the hierarchy that is mounted.
    root: String,
    at: PathBuf,
}

/// The files of one container.
#[derive(Debug, Clone)]
pub struct ContainerCgroup {
    processes: PathBuf,
    pid: u32,
    has_own_network: bool,
    online_cpus: Option<u32>,
    unified: Option<PathBuf>,
    cpu: Option<PathBuf>,
    memory: Option<PathBuf>,
    disks: Option<PathBuf>,
    pids: Option<PathBuf>,
}

impl CgroupFinder {
    /// Looks for this host's hierarchies.
    #[must_use]
    pub fn new() -> Self {
        let processes = PathBuf::from("/proc");
        let mounts = read_to_string(&processes.join("self/mountinfo")).unwrap_or_default();
        let online = read_to_string(Path::new("/sys/devices/system/cpu/online")).ok();
        Self {
            processes,
            mounts: parse_mounts(&mounts),
            online_cpus: online.and_then(|list| count_list(&list)),
        }
    }

    /// Finds the files of a container, by the number of its first process.
    ///
    /// # Errors
    /// When that process is none of this container on this host.
    pub fn find(&self, id: &ContainerId, pid: u32) -> Result<ContainerCgroup, CgroupError> {
        let process = self.processes.join(pid.to_string());
        let groups = read_to_string(&process.join("cgroup")).map_err(|_| CgroupError::NotHere)?;
        let folder = |controller: Option<&str>| self.folder(&groups, controller, id);
        let found = ContainerCgroup {
            processes: self.processes.clone(),
            pid,
            has_own_network: has_own_network(&self.processes, pid),
            online_cpus: self.online_cpus,
            unified: folder(None),
            cpu: folder(Some("cpuacct")),
            memory: folder(Some("memory")),
            disks: folder(Some("blkio")),
            pids: folder(Some("pids")),
        };
        if found.unified.is_none() && found.cpu.is_none() { Err(CgroupError::NotHere) } else { Ok(found) }
    }

    /// The folder of a group in a hierarchy. The path is cut behind the container's id, for what runs inside may make groups of its own; a path
    /// without the id is of another container, or of a process that has got the number since.
    fn folder(&self, groups: &str, controller: Option<&str>, id: &ContainerId) -> Option<PathBuf> {
        let path = groups.lines().find_map(|line| {
            let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
            let is_it = match controller {
                None => controllers.is_empty(),
                Some(controller) => controllers.split(',').any(|one| one == controller),
            };
            is_it.then_some(path)
        })?;
        let mount = self.mounts.iter().find(|mount| match (controller, &mount.controllers) {
            (None, None) => true,
            (Some(controller), Some(controllers)) => controllers.iter().any(|one| one == controller),
            _ => false,
        })?;
        let inside = if mount.root == "/" { path } else { path.strip_prefix(mount.root.as_str())? };
        let mut folder = mount.at.clone();
        for part in Path::new(inside.trim_start_matches('/')).components() {
            let Component::Normal(part) = part else { return None };
            folder.push(part);
            if part.to_str()?.contains(id.as_str()) {
                return Some(folder);
            }
        }
        None
    }
}

impl Default for CgroupFinder {
    fn default() -> Self {
        Self::new()
    }
}

impl ContainerCgroup {
    /// Reads the totals of now.
    ///
    /// # Errors
    /// When the container has ended, or its files cannot be read.
    pub fn read(&self) -> Result<Reading, CgroupError> {
        let cpu = self.cpu()?;
        let (memory, memory_limit, oom_kills) = self.memory();
        let (pids, pids_limit) = self.pids();
        Ok(Reading {
            at: now(),
            cpu,
            online_cpus: self.online_cpus,
            memory: memory.map(|used| (used, MemoryBasis::WithoutInactiveFile)),
            memory_limit,
            network: self.network(),
            disks: self.disks(),
            pids,
            pids_limit,
            oom_kills,
        })
    }

    fn cpu(&self) -> Result<u64, CgroupError> {
        let (path, of) = match (&self.cpu, &self.unified) {
            (Some(folder), _) => (folder.join("cpuacct.usage"), None),
            (None, Some(folder)) => (folder.join("cpu.stat"), Some("usage_usec")),
            (None, None) => return Err(CgroupError::NotHere),
        };
        let text = match read_to_string(&path) {
            Ok(text) => text,
            // ENODEV: the group went away while it was open.
            Err(error) if error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(19) => {
                return Err(CgroupError::NotHere);
            }
            Err(error) => return Err(unreadable(&path, &error.to_string())),
        };
        let total = match of {
            None => number(&text),
            Some(name) => row(&text, name).and_then(|microseconds| microseconds.checked_mul(1_000)),
        };
        total.ok_or_else(|| unreadable(&path, "it has no total"))
    }

    /// The memory in use, its limit, and the processes that the limit has ended.
    fn memory(&self) -> (Option<u64>, Option<u64>, Option<u64>) {
        let (folder, usage, limit, inactive, events) = match (&self.memory, &self.unified) {
            (Some(folder), _) => (
                folder,
                "memory.usage_in_bytes",
                "memory.limit_in_bytes",
                "total_inactive_file",
                "memory.oom_control",
            ),
            (None, Some(folder)) => {
                (folder, "memory.current", "memory.max", "inactive_file", "memory.events")
            }
            (None, None) => return (None, None, None),
        };
        let text = |name: &str| read_to_string(&folder.join(name)).ok();
        let used = text(usage).and_then(|usage| number(&usage)).map(|usage| {
            let inactive = text("memory.stat").and_then(|stat| row(&stat, inactive)).unwrap_or(0);
            if inactive < usage { usage - inactive } else { usage }
        });
        let limit = text(limit).and_then(|limit| number(&limit)).filter(|limit| *limit < NO_LIMIT);
        (used, limit, text(events).and_then(|events| row(&events, "oom_kill")))
    }

    fn pids(&self) -> (Option<u64>, Option<u64>) {
        let Some(folder) = self.pids.as_ref().or(self.unified.as_ref()) else { return (None, None) };
        let text = |name: &str| read_to_string(&folder.join(name)).ok().and_then(|text| number(&text));
        (text("pids.current"), text("pids.max"))
    }

    fn disks(&self) -> Option<Transferred> {
        if let Some(folder) = &self.disks {
            // CFQ's file counts what the throttle's does not see, and is empty without it.
            let files = ["blkio.throttle.io_service_bytes_recursive", "blkio.throttle.io_service_bytes"];
            let text = files.iter().find_map(|name| read_to_string(&folder.join(name)).ok())?;
            return Some(sum(&text, |words| match words {
                [_, "Read", bytes] => (number(bytes), None),
                [_, "Write", bytes] => (None, number(bytes)),
                _ => (None, None),
            }));
        }
        let text = read_to_string(&self.unified.as_ref()?.join("io.stat")).ok()?;
        Some(sum(&text, |words| {
            let value = |name: &str| words.iter().find_map(|word| number(word.strip_prefix(name)?));
            (value("rbytes="), value("wbytes="))
        }))
    }

    /// The bytes of its interfaces but for the loopback; none where it has the host's network, or no interface.
    fn network(&self) -> Option<Transferred> {
        if !self.has_own_network {
            return None;
        }
        let text = read_to_string(&self.processes.join(self.pid.to_string()).join("net/dev")).ok()?;
        parse_interfaces(&text)
    }
}

/// Nanoseconds on this process's monotonic clock.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    // A second ahead, so that no time is zero.
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos())
        .unwrap_or(u64::MAX)
        .saturating_add(1_000_000_000)
}

fn has_own_network(processes: &Path, pid: u32) -> bool {
    let network = |process: &str| fs::read_link(processes.join(process).join("ns/net")).ok();
    network(&pid.to_string()).zip(network("self")).is_some_and(|(theirs, ours)| theirs != ours)
}

/// Reads `/proc/self/mountinfo` (proc(5)): the fourth field is the root, the fifth the place; behind a dash come type, source and options.
fn parse_mounts(text: &str) -> Vec<CgroupMount> {
    let mount = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let mut fields = before.split(' ').skip(3);
        let (root, at) = (fields.next()?, fields.next()?);
        let mut behind = after.split(' ');
        let controllers = match behind.next()? {
            "cgroup2" => None,
            "cgroup" => Some(behind.nth(1)?.split(',').map(ToOwned::to_owned).collect()),
            _ => return None,
        };
        Some(CgroupMount { controllers, root: root.to_owned(), at: PathBuf::from(at) })
    };
    text.lines().filter_map(mount).collect()
}

/// Reads `/proc/PID/net/dev` (proc(5)): received bytes come first behind the colon, sent ones ninth.
fn parse_interfaces(text: &str) -> Option<Transferred> {
    let mut total = None;
    for line in text.lines() {
        let Some((name, numbers)) = line.split_once(':') else { continue };
        if name.trim() == "lo" {
            continue;
        }
        let numbers: Vec<_> = numbers.split_whitespace().map(number).collect();
        let (Some(Some(received)), Some(Some(sent))) = (numbers.first(), numbers.get(8)) else { continue };
        let total: &mut Transferred = total.get_or_insert_default();
        total.received = total.received.saturating_add(*received);
        total.sent = total.sent.saturating_add(*sent);
    }
    total
}

/// Sums what each line says.
fn sum(text: &str, line: impl Fn(&[&str]) -> (Option<u64>, Option<u64>)) -> Transferred {
    let mut total = Transferred::default();
    for words in text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()) {
        let (received, sent) = line(&words);
        total.received = total.received.saturating_add(received.unwrap_or(0));
        total.sent = total.sent.saturating_add(sent.unwrap_or(0));
    }
    total
}

/// Counts the processors of `0-3,5`.
fn count_list(text: &str) -> Option<u32> {
    let count = |range: &str| -> Option<u32> {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        last.checked_sub(first)?.checked_add(1)
    };
    text.trim()
        .split(',')
        .map(count)
        .try_fold(0_u32, |sum, count| sum.checked_add(count?))
        .filter(|count| *count > 0)
}

/// The number of a file that holds one; `max` is none.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// The number behind a name.
fn row(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| number(line.strip_prefix(name)?.strip_prefix(' ')?))
}

/// Reads a file of the kernel, with a bound.
fn read_to_string(path: &Path) -> io::Result<String> {
    use io::Read;
    let mut text = String::new();
    fs::File::open(path)?.take(MAX_FILE as u64).read_to_string(&mut text)?;
    Ok(text)
}

fn unreadable(path: &Path, why: &str) -> CgroupError {
    CgroupError::Unreadable { path: path.display().to_string(), why: why.to_owned() }
}

#[cfg(test)]
mod tests;
