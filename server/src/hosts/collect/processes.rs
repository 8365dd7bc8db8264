//! The busiest and the largest programs.

use std::{cmp::Ordering, collections::HashMap, time::Instant};

use common::sample::{Process, Processes};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, ThreadKind};

use super::shown;

/// How many of each list.
const TOP: usize = 8;

/// All programs that run, from `/proc/[pid]/stat` and `statm` on Linux; threads are part of their program.
/// Kernel threads are programs here, as in `ps`: when one is busy, that is worth knowing.
pub(in crate::hosts) struct ProcessTable {
    system: System,
    /// When the table was read last.
    taken: Option<Instant>,
    /// The CPU time of each program at that reading.
    before: HashMap<Pid, Spent>,
}

/// What a program had used. Numbers are given again: with its start it is the same program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spent {
    /// When it started, seconds since 1970.
    started: u64,
    /// On all cores, milliseconds.
    cpu: u64,
}

/// A program as it is ranked; its name is looked at only if it makes a list.
struct Ranked<'a> {
    process: &'a sysinfo::Process,
    /// Percent of one core.
    cpu: f64,
}

impl ProcessTable {
    /// An empty table.
    ///
    /// # Errors
    /// When this system does not let programs be listed.
    pub(in crate::hosts) fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { system: System::new()?, taken: None, before: HashMap::new() })
    }

    /// Reads them all; `None` the first time, when no share of CPU can be known. `at` is milliseconds since
    /// 1970, `now` the clock that shares are taken by.
    pub(in crate::hosts) fn list(&mut self, at: u64, now: Instant) -> Option<Processes> {
        let wanted = ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks();
        let remove_dead = true;
        self.system.refresh_processes_specifics(ProcessesToUpdate::All, remove_dead, wanted);
        let seconds = self.taken.replace(now).map(|taken| now.duration_since(taken).as_secs_f64());
        let before = std::mem::take(&mut self.before);
        self.before = self.programs().map(|process| (process.pid(), Spent::of(process))).collect();
        let seconds = seconds.filter(|&seconds| seconds > 0.0)?;

        let all: Vec<Ranked<'_>> = self
            .programs()
            .map(|process| Ranked { process, cpu: share(process, before.get(&process.pid()), seconds) })
            .collect();
        Some(Processes {
            at,
            count: all.len(),
            by_cpu: top(&all, |ranked| ranked.cpu > 0.0, |a, b| b.cpu.total_cmp(&a.cpu)),
            by_memory: top(
                &all,
                |ranked| ranked.process.memory() > 0,
                |a, b| b.process.memory().cmp(&a.process.memory()),
            ),
        })
    }

    fn programs(&self) -> impl Iterator<Item = &sysinfo::Process> {
        let all = self.system.processes().values();
        all.filter(|process| process.thread_kind() != Some(ThreadKind::Userland))
    }
}

impl Spent {
    fn of(process: &sysinfo::Process) -> Self {
        Self { started: process.start_time(), cpu: process.accumulated_cpu_time() }
    }
}

/// The share of one core that a program had over the last `seconds`.
///
/// `sysinfo` takes this too, but says zero for a program that has just begun: of a build that is every
/// compiler.
fn share(process: &sysinfo::Process, before: Option<&Spent>, seconds: f64) -> f64 {
    let now = Spent::of(process);
    let spent = match before.filter(|before| before.started == now.started) {
        Some(before) => now.cpu.saturating_sub(before.cpu),
        // All of its time was within these seconds. Whole seconds are known of its age.
        None if process.run_time() as f64 <= seconds + 1.0 => now.cpu,
        // It is old, but could not be read before.
        None => 0,
    };
    (spent as f64 / (seconds * 10.0) * 100.0).round() / 100.0
}

/// The first of those that count, in the given order and then by number: equal ones keep their rows.
fn top(
    all: &[Ranked<'_>],
    counts: impl Fn(&Ranked<'_>) -> bool,
    order: impl Fn(&Ranked<'_>, &Ranked<'_>) -> Ordering,
) -> Vec<Process> {
    let order =
        |a: &&Ranked<'_>, b: &&Ranked<'_>| order(a, b).then_with(|| a.process.pid().cmp(&b.process.pid()));
    let mut first: Vec<_> = all.iter().filter(|ranked| counts(ranked)).collect();
    if first.len() > TOP {
        first.select_nth_unstable_by(TOP - 1, order);
        first.truncate(TOP);
    }
    first.sort_unstable_by(order);
    first.into_iter().map(told).collect()
}

fn told(ranked: &Ranked<'_>) -> Process {
    let process = ranked.process;
    Process {
        pid: process.pid().as_u32(),
        name: shown(process.name()),
        cpu: ranked.cpu,
        memory: process.memory(),
        ..Process::default()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        process::Command,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn lists_are_short_ordered_and_in_range() {
        let mut table = ProcessTable::new().expect("a table");
        assert_eq!(table.list(1, Instant::now()), None);
        let busy_until = Instant::now() + Duration::from_millis(300);
        while Instant::now() < busy_until {
            std::hint::spin_loop();
        }
        let processes = table.list(2, Instant::now()).expect("a list");
        assert!(processes.count >= 1);
        assert!(processes.by_cpu.len() <= TOP && processes.by_memory.len() <= TOP);
        assert!(processes.by_cpu.is_sorted_by(|a, b| a.cpu >= b.cpu));
        assert!(processes.by_memory.is_sorted_by(|a, b| a.memory >= b.memory));
        // Ticks of 10 ms against a third of a second: a full core may read more.
        let most = 150.0 * crate::hosts::info::local(Default::default()).cores as f64;
        for process in processes.by_cpu.iter().chain(&processes.by_memory) {
            assert!((0.0..=most).contains(&process.cpu), "{process:?}");
            assert!(process.name.chars().count() <= 64);
        }
        assert!(!processes.by_cpu.is_empty(), "this test itself was busy");
    }

    #[test]
    fn programs_that_ended_are_dropped() {
        let mut table = ProcessTable::new().expect("a table");
        let mut child = Command::new("sleep").arg("60").spawn().expect("sleep");
        let pid = Pid::from_u32(child.id());
        table.list(1, Instant::now());
        assert!(table.system.process(pid).is_some());
        child.kill().expect("a child to end");
        child.wait().expect("its end");
        table.list(2, Instant::now());
        assert!(table.system.process(pid).is_none() && !table.before.contains_key(&pid));
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
    fn a_program_that_has_just_begun_has_its_share() {
        let mut table = ProcessTable::new().expect("a table");
        table.list(1, Instant::now());
        let mut child = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("sh");
        std::thread::sleep(Duration::from_millis(500));
        let processes = table.list(2, Instant::now()).expect("a list");
        child.kill().expect("a child to end");
        child.wait().expect("its end");
        assert!(processes.by_cpu.iter().any(|process| process.pid == child.id()), "{processes:?}");
    }
}
