//! `/proc/[pid]/stat` (proc_pid_stat(5)), read by ourselves.
//!
//! `sysinfo` divides a program's time by the time between two looks at the CPUs, which have a pace of their own, and keeps every
//! program's names and paths. Here a program's share is taken over the time between the two looks at that program, and of all that
//! are not shown no more than that look is kept.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
    time::Instant,
};

use common::sample::{Process, Processes};
use rustix::param::{clock_ticks_per_second, page_size};

use super::{
    accounts::Accounts,
    command::{command, full_name},
    top::Top,
};
use crate::{clock::uptime_ms, prober::Prober};

/// All programs that run; threads are part of their program. Kernel threads are programs here, as in `ps`: when one is busy, that is
/// worth knowing.
pub(crate) struct ProcessTable {
    prober: Prober,
    accounts: Accounts,
    /// The clock of all looks.
    start: Instant,
    /// When the last list was begun, by the clock that the kernel gives starts by, milliseconds.
    listed: Option<u64>,
    /// The last look at each program, by number.
    looks: Vec<ProcessUsage>,
}

/// The resources that a program had used at a reading. Numbers are given again: with its start it is the same program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ProcessUsage {
    pid: u32,
    /// On all cores, ticks.
    cpu: u64,
    /// Ticks since the machine started.
    started: u64,
    /// When, nanoseconds after the table was made.
    at: u64,
}

/// A program as it is ranked.
#[derive(Debug, Clone)]
struct Ranked {
    pid: u32,
    started: u64,
    /// Percent of one core.
    cpu: f64,
    /// Bytes.
    memory: u64,
}

/// The details of a listed program.
#[derive(Debug, Clone)]
struct ProcessDetails {
    name: String,
    user: Option<String>,
    command: Option<String>,
}

/// The fields of one line of `stat`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stat<'a> {
    comm: &'a [u8],
    /// In user and kernel mode, ticks.
    cpu: u64,
    started: u64,
    /// Resident, pages.
    pages: u64,
}

impl ProcessTable {
    /// An empty table. `prober` reads command lines, for which one waits as long as someone holds the program's memory.
    ///
    /// # Errors
    /// When this system does not let programs be listed.
    pub(crate) fn new(prober: Prober) -> Result<Self, io::Error> {
        fs::read_dir("/proc")?;
        Ok(Self {
            prober,
            accounts: Accounts::default(),
            start: Instant::now(),
            listed: None,
            looks: Vec::new(),
        })
    }

    /// Reads them all; `None` the first time, when no share of CPU can be known. `at` is milliseconds since 1970.
    pub(crate) fn list(&mut self, at: u64) -> Option<Processes> {
        let listed = self.listed.replace(uptime_ms());
        let before = std::mem::take(&mut self.looks);
        let mut by_cpu = Top::new(|one: &Ranked, other: &Ranked| {
            other.cpu.total_cmp(&one.cpu).then(one.pid.cmp(&other.pid))
        });
        let mut by_memory = Top::new(|one: &Ranked, other: &Ranked| {
            other.memory.cmp(&one.memory).then(one.pid.cmp(&other.pid))
        });
        let mut looks = Vec::with_capacity(before.len());
        let mut page = [0; 1024];
        for pid in numbers() {
            let Some(read) = read_stat(pid, &mut page) else { continue };
            let Some(stat) = parse(read) else { continue };
            let look = ProcessUsage { pid, cpu: stat.cpu, started: stat.started, at: self.nanos() };
            looks.push(look);
            let Some(listed) = listed else { continue };
            let cpu = share(look, find(&before, pid), before.first(), listed);
            let memory = stat.pages.saturating_mul(page_size() as u64);
            let ranked = Ranked { pid, started: stat.started, cpu, memory };
            if cpu > 0.0 {
                by_cpu.push(ranked.clone());
            }
            if memory > 0 {
                by_memory.push(ranked);
            }
        }
        looks.sort_unstable_by_key(|look| look.pid);
        let count = looks.len();
        self.looks = looks;
        listed?;
        let (by_cpu, by_memory) = (by_cpu.into_rows(), by_memory.into_rows());
        let mut told = HashMap::new();
        for ranked in by_cpu.iter().chain(&by_memory) {
            let id = (ranked.pid, ranked.started);
            if !told.contains_key(&id)
                && let Some(known) = self.tell(ranked)
            {
                told.insert(id, known);
            }
        }
        // Programs that have ended are not waited for.
        let files: Vec<PathBuf> = told.keys().map(|(pid, _)| cmdline(*pid)).collect();
        self.prober.retain(|path| files.iter().any(|file| path == file));
        let rows = |ranked: Vec<Ranked>| {
            ranked
                .iter()
                .filter_map(|ranked| Some(row(ranked, told.get(&(ranked.pid, ranked.started))?)))
                .collect()
        };
        Some(Processes { at, count, by_cpu: rows(by_cpu), by_memory: rows(by_memory) })
    }

    /// Needs no process until the next round.
    pub(crate) fn rest(&mut self) {
        self.prober.rest();
    }

    fn nanos(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Reads the details of a program; returns none if it has ended.
    fn tell(&mut self, ranked: &Ranked) -> Option<ProcessDetails> {
        let mut page = [0; 1024];
        let stat = parse(read_stat(ranked.pid, &mut page)?)?;
        if stat.started != ranked.started {
            return None;
        }
        let arguments = self.prober.read(&cmdline(ranked.pid)).unwrap_or_default();
        Some(ProcessDetails {
            name: full_name(stat.comm, &arguments),
            user: user(ranked.pid).map(|uid| self.accounts.name(uid)),
            command: command(&arguments),
        })
    }
}

fn cmdline(pid: u32) -> PathBuf {
    format!("/proc/{pid}/cmdline").into()
}

fn row(ranked: &Ranked, told: &ProcessDetails) -> Process {
    Process {
        pid: ranked.pid,
        name: told.name.clone(),
        cpu: ranked.cpu,
        memory: ranked.memory,
        user: told.user.clone(),
        command: told.command.clone(),
    }
}

/// The numbers of all programs.
fn numbers() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn find(looks: &[ProcessUsage], pid: u32) -> Option<&ProcessUsage> {
    looks.binary_search_by_key(&pid, |look| look.pid).ok().map(|index| &looks[index])
}

/// The share of one core that a program had since the look before, percent, to two decimals. `first` is any look of the list before,
/// which was begun `listed` milliseconds after the machine started: what has begun since then has used all its time since then.
fn share(now: ProcessUsage, before: Option<&ProcessUsage>, first: Option<&ProcessUsage>, listed: u64) -> f64 {
    let ticks = clock_ticks_per_second().max(1);
    let (spent, since) = match before.filter(|before| before.started == now.started) {
        Some(before) => (now.cpu.saturating_sub(before.cpu), before.at),
        // One tick early: a start is told in whole ticks.
        None if now.started.saturating_add(1).saturating_mul(1000) / ticks >= listed => {
            (now.cpu, first.map_or(now.at, |first| first.at))
        }
        // It is old, but could not be read before.
        None => return 0.0,
    };
    let nanos = now.at.saturating_sub(since);
    if nanos == 0 {
        return 0.0;
    }
    let seconds = spent as f64 / ticks as f64;
    (seconds / (nanos as f64 / 1e9) * 10_000.0).round() / 100.0
}

/// One line of a kilobyte at most: names have 64 bytes, and each of some fifty numbers twenty.
fn read_stat(pid: u32, page: &mut [u8; 1024]) -> Option<&[u8]> {
    let mut path = [0_u8; 32];
    let mut rest = &mut path[..];
    write!(rest, "/proc/{pid}/stat").ok()?;
    let left = rest.len();
    let path = std::str::from_utf8(&path[..32 - left]).ok()?;
    let read = File::open(path).and_then(|mut file| file.read(page)).ok()?;
    page.get(..read)
}

fn parse(line: &[u8]) -> Option<Stat<'_>> {
    // A name may have parentheses and spaces of its own; no number has.
    let open = line.iter().position(|&byte| byte == b'(')?;
    let close = line.iter().rposition(|&byte| byte == b')')?;
    let comm = line.get(open + 1..close)?;
    let rest = std::str::from_utf8(line.get(close + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let started = fields.nth(6)?.parse().ok()?;
    let pages = fields.nth(1)?.parse().unwrap_or(0);
    Some(Stat { comm, cpu: user.saturating_add(system), started, pages })
}

/// The account that a program runs as: its effective one.
fn user(pid: u32) -> Option<u32> {
    let mut text = Vec::new();
    File::open(format!("/proc/{pid}/status")).ok()?.take(4096).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests;
