//! Programs where there is no `/proc`: `sysinfo`'s view.

use std::{collections::HashMap, time::Instant};

use common::sample::{Process, Processes};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, ThreadKind};

use super::{super::shown, top::Top};
use crate::prober::Prober;

/// All programs that run; threads are part of their program.
pub(crate) struct ProcessTable {
    system: System,
    /// When the table was read last.
    taken: Option<Instant>,
    /// The CPU time of each program at that reading.
    before: HashMap<Pid, ProcessUsage>,
}

/// The resources that a program had used at a reading. Numbers are given again: with its start it is the same program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ProcessUsage {
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
    pub(crate) fn new(_: Prober) -> Result<Self, sysinfo::Error> {
        Ok(Self { system: System::new()?, taken: None, before: HashMap::new() })
    }

    /// There is nothing to end here.
    pub(crate) fn rest(&mut self) {}

    /// Reads them all; `None` the first time, when no share of CPU can be known. `at` is milliseconds since 1970.
    pub(crate) fn list(&mut self, at: u64) -> Option<Processes> {
        let wanted = ProcessRefreshKind::nothing().with_cpu().with_memory().without_tasks();
        let remove_dead = true;
        self.system.refresh_processes_specifics(ProcessesToUpdate::All, remove_dead, wanted);
        let now = Instant::now();
        let seconds = self.taken.replace(now).map(|taken| now.duration_since(taken).as_secs_f64());
        let before = std::mem::take(&mut self.before);
        self.before = self.programs().map(|process| (process.pid(), ProcessUsage::of(process))).collect();
        let seconds = seconds.filter(|&seconds| seconds > 0.0)?;

        let mut by_cpu =
            Top::new(|a: &Ranked<'_>, b| b.cpu.total_cmp(&a.cpu).then_with(|| a.pid().cmp(&b.pid())));
        let mut by_memory = Top::new(|a: &Ranked<'_>, b| {
            b.process.memory().cmp(&a.process.memory()).then_with(|| a.pid().cmp(&b.pid()))
        });
        let mut count = 0;
        for process in self.programs() {
            count += 1;
            let cpu = share(process, before.get(&process.pid()), seconds);
            if cpu > 0.0 {
                by_cpu.push(Ranked { process, cpu });
            }
            by_memory.push(Ranked { process, cpu });
        }
        let rows = |top: Top<Ranked<'_>>| top.into_rows().iter().map(told).collect();
        Some(Processes { at, count, by_cpu: rows(by_cpu), by_memory: rows(by_memory) })
    }

    fn programs(&self) -> impl Iterator<Item = &sysinfo::Process> {
        let all = self.system.processes().values();
        all.filter(|process| process.thread_kind() != Some(ThreadKind::Userland))
    }
}

impl Ranked<'_> {
    fn pid(&self) -> Pid {
        self.process.pid()
    }
}

impl ProcessUsage {
    fn of(process: &sysinfo::Process) -> Self {
        Self { started: process.start_time(), cpu: process.accumulated_cpu_time() }
    }
}

/// The share of one core that a program had over the last `seconds`.
///
/// `sysinfo` takes this too, but says zero for a program that has just begun: of a build that is every
/// compiler.
fn share(process: &sysinfo::Process, before: Option<&ProcessUsage>, seconds: f64) -> f64 {
    let now = ProcessUsage::of(process);
    let spent = match before.filter(|before| before.started == now.started) {
        Some(before) => now.cpu.saturating_sub(before.cpu),
        // All of its time was within these seconds. Whole seconds are known of its age.
        None if process.run_time() as f64 <= seconds + 1.0 => now.cpu,
        // It is old, but could not be read before.
        None => 0,
    };
    (spent as f64 / (seconds * 10.0) * 100.0).round() / 100.0
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
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_second_look_lists_the_largest() {
        let mut table = ProcessTable::new(Prober::new(None, Duration::from_secs(1))).expect("a table");
        assert_eq!(table.list(1), None);
        let processes = table.list(2).expect("a list");
        table.rest();
        assert!(processes.count >= 1 && !processes.by_memory.is_empty());
        assert!(processes.by_memory.is_sorted_by(|a, b| a.memory >= b.memory));
    }
}
