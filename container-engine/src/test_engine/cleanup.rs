//! Ending all that an engine has started, and removing what it has made outside of its folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// The time in which killed processes are gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// Kills every process that names the folder in its command line or lives below the cgroup: the engine, its helpers, its containers.
pub(super) fn kill_all(folder: &Path, cgroup: &str) {
    kill(|process| process.belongs(folder, cgroup));
}

/// Every process that [`kill_all`] would kill.
pub(super) fn processes_of(folder: &Path, cgroup: &str) -> Vec<u32> {
    processes().filter(|process| process.belongs(folder, cgroup)).map(|process| process.0).collect()
}

/// Kills every process that names a path in its command line.
pub(super) fn kill_named(path: &Path) {
    kill(|process| process.names(path));
}

/// Kills processes until there are none of them. Each `kill` is a process, which gives the killed ones time to be gone.
fn kill(is_it: impl Fn(&Process) -> bool) {
    let started = Instant::now();
    loop {
        let numbers: Vec<String> = processes().filter(&is_it).map(|process| process.0.to_string()).collect();
        if numbers.is_empty() || started.elapsed() > PATIENCE {
            return;
        }
        // Some may have ended by themselves.
        let _ = Command::new("kill").arg("-KILL").args(&numbers).output();
    }
}

/// A process, by its number.
struct Process(u32);

/// All processes but this one, and but for those that are dead and not yet collected.
fn processes() -> impl Iterator<Item = Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| *pid != std::process::id()).map(Process).filter(Process::is_alive)
}

impl Process {
    fn belongs(&self, folder: &Path, cgroup: &str) -> bool {
        self.names(folder) || self.is_below(cgroup)
    }

    fn names(&self, path: &Path) -> bool {
        self.has("cmdline", path.to_str().expect("temporary folders have names"))
    }

    fn is_below(&self, cgroup: &str) -> bool {
        self.has("cgroup", cgroup)
    }

    fn has(&self, file: &str, text: &str) -> bool {
        let bytes = fs::read(format!("/proc/{}/{file}", self.0)).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    }

    fn is_alive(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    }
}

/// Removes the cgroups below one, in every hierarchy. A process that was killed may take a moment to leave.
pub(super) fn remove_cgroups(cgroup: &str) {
    let hierarchies =
        fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten().map(|entry| entry.path());
    let folders =
        hierarchies.chain([PathBuf::from("/sys/fs/cgroup")]).map(|hierarchy| hierarchy.join(cgroup));
    let started = Instant::now();
    for folder in folders.filter(|folder| folder.exists()) {
        while !remove_tree(&folder) && started.elapsed() < PATIENCE {}
    }
}

/// Folders of cgroups cannot be emptied, only removed, the innermost first. False where one is left.
fn remove_tree(folder: &Path) -> bool {
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in inside.filter(|path| path.is_dir()) {
        remove_tree(&path);
    }
    fs::remove_dir(folder).is_ok() || !folder.exists()
}
