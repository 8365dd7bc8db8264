//! `/proc/[pid]/stat` (proc_pid_stat(5)), read by ourselves.
//!
//! `sysinfo` divides a program's time by the time between two looks at the CPUs, which have a pace of their own, and keeps every
//! program's names and paths. Here a program's share is taken over the time between the two looks at that program, and of all that
//! are not shown no more than that look is kept.
//!
//! The kernel takes ten times as long for `stat` as for `schedstat` (Documentation/scheduler/sched-stats.rst), which says for how long a thread
//! has run. A program of one thread that has not run since the last look has used what it had used then.

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    os::fd::OwnedFd,
    path::PathBuf,
    time::Instant,
};

use common::sample::{Process, Processes};
use rustix::{
    fs::{CWD, Mode, OFlags, openat},
    param::{clock_ticks_per_second, page_size},
};

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
    /// `/proc`.
    proc: OwnedFd,
    /// The number of the list.
    round: u32,
}

/// `stat` of a program that has not run is read in one of so many lists all the same: others may have taken memory from it.
const READ_AGAIN: u32 = 8;

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
    /// Resident, pages.
    pages: u64,
    /// Nanoseconds for which it had run; none where it has more threads than one, or the kernel does not tell it.
    ran: Option<u64>,
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
    threads: u64,
    /// Resident, pages.
    pages: u64,
}

impl ProcessTable {
    /// An empty table. `prober` reads command lines, for which one waits as long as someone holds the program's memory.
    ///
    /// # Errors
    /// When this system does not let programs be listed.
    pub(crate) fn new(prober: Prober) -> Result<Self, io::Error> {
        let proc = openat(CWD, "/proc", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        fs::read_dir("/proc")?;
        Ok(Self {
            prober,
            accounts: Accounts::default(),
            start: Instant::now(),
            listed: None,
            looks: Vec::new(),
            proc,
            round: 0,
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
        self.round = self.round.wrapping_add(1);
        for pid in numbers() {
            let last = find(&before, pid);
            let Some(look) = self.look(pid, last) else { continue };
            looks.push(look);
            let Some(listed) = listed else { continue };
            let cpu = share(look, last, before.first(), listed);
            let memory = look.pages.saturating_mul(page_size() as u64);
            let ranked = Ranked { pid, started: look.started, cpu, memory };
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
        let told = self.tell_all(by_cpu.iter().chain(&by_memory));
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

    /// Looks at a program, which was seen so the last time; none if it has ended.
    fn look(&self, pid: u32, last: Option<&ProcessUsage>) -> Option<ProcessUsage> {
        let mut page = [0; 1024];
        let at = self.nanos();
        // Read before `stat`: what it runs between the two counts the next time.
        let may_rest = last.is_none_or(|last| last.ran.is_some());
        let ran = if may_rest { self.ran(pid, &mut page) } else { None };
        if let Some(last) = last
            && ran.is_some()
            && ran == last.ran
            && !self.round.wrapping_add(pid).is_multiple_of(READ_AGAIN)
        {
            return Some(ProcessUsage { at, ..*last });
        }
        let at = self.nanos();
        let stat = parse(self.read(pid, "stat", &mut page)?)?;
        let Stat { cpu, started, pages, threads, .. } = stat;
        let ran = if threads == 1 { ran.or_else(|| self.ran(pid, &mut page)) } else { None };
        Some(ProcessUsage { pid, cpu, started, at, pages, ran })
    }

    /// Reads the details of programs that are listed, by number and start; those that have ended meanwhile are left out.
    fn tell_all<'a>(
        &mut self,
        listed: impl Iterator<Item = &'a Ranked>,
    ) -> HashMap<(u32, u64), ProcessDetails> {
        let mut names: Vec<((u32, u64), Vec<u8>)> = Vec::new();
        for ranked in listed {
            let id = (ranked.pid, ranked.started);
            let mut page = [0; 1024];
            if !names.iter().any(|(known, _)| *known == id)
                && let Some(stat) = self.read(ranked.pid, "stat", &mut page).and_then(parse)
                && stat.started == ranked.started
            {
                names.push((id, stat.comm.to_vec()));
            }
        }
        let files: Vec<PathBuf> = names.iter().map(|((pid, _), _)| cmdline(*pid)).collect();
        // Programs that have ended are not waited for.
        self.prober.retain(|path| files.iter().any(|file| path == file));
        let arguments = self.prober.read_each(files);
        let mut told = HashMap::with_capacity(names.len());
        for ((id, comm), arguments) in names.into_iter().zip(arguments) {
            let arguments = arguments.unwrap_or_default();
            let details = ProcessDetails {
                name: full_name(&comm, &arguments),
                user: self.user(id.0).map(|uid| self.accounts.name(uid)),
                command: command(&arguments),
            };
            told.insert(id, details);
        }
        told
    }

    /// The account that a program runs as: its effective one.
    fn user(&self, pid: u32) -> Option<u32> {
        let mut page = [0; 4096];
        let text = self.read(pid, "status", &mut page)?;
        let line = text.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"Uid:"))?;
        std::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    /// Nanoseconds for which the first thread of a program has run.
    fn ran(&self, pid: u32, page: &mut [u8]) -> Option<u64> {
        let text = std::str::from_utf8(self.read(pid, "schedstat", page)?).ok()?;
        text.split_ascii_whitespace().next()?.parse().ok()
    }

    /// Reads a file of a program at once: the kernel writes as much of it as there is room for.
    fn read<'a>(&self, pid: u32, file: &str, page: &'a mut [u8]) -> Option<&'a [u8]> {
        let mut path = [0_u8; 32];
        let mut rest = &mut path[..];
        write!(rest, "{pid}/{file}").ok()?;
        let left = rest.len();
        let path = std::str::from_utf8(&path[..32 - left]).ok()?;
        let file = openat(&self.proc, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
        let read = rustix::io::read(&file, &mut *page).ok()?;
        page.get(..read)
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

/// `stat` is a line of a kilobyte at most: names have 64 bytes, and each of some fifty numbers twenty.
fn parse(line: &[u8]) -> Option<Stat<'_>> {
    // A name may have parentheses and spaces of its own; no number has.
    let open = line.iter().position(|&byte| byte == b'(')?;
    let close = line.iter().rposition(|&byte| byte == b')')?;
    let comm = line.get(open + 1..close)?;
    let rest = std::str::from_utf8(line.get(close + 1..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let threads = fields.nth(4)?.parse().ok()?;
    let started = fields.nth(1)?.parse().ok()?;
    let pages = fields.nth(1)?.parse().unwrap_or(0);
    Some(Stat { comm, cpu: user.saturating_add(system), started, threads, pages })
}

#[cfg(test)]
mod tests;
