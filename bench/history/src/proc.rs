//! Readings of `/proc`, and the values that collectors make of two of them.

use std::{collections::HashMap, fs, time::Instant};

use anyhow::{Context, Result};

/// The metrics of a host, with their label and the decimals that the server keeps of their units: none of bytes, two of percent and counts.
pub(crate) const METRICS: [(&str, &str, u8); 40] = [
    ("cpu.total", "", 2),
    ("cpu.core", "0", 2),
    ("cpu.core", "1", 2),
    ("cpu.user", "0", 2),
    ("cpu.user", "1", 2),
    ("cpu.system", "0", 2),
    ("cpu.system", "1", 2),
    ("cpu.wait", "0", 2),
    ("cpu.wait", "1", 2),
    ("memory.percent", "", 2),
    ("memory.used", "", 0),
    ("memory.total", "", 0),
    ("filesystem.percent", "/", 2),
    ("filesystem.used", "/", 0),
    ("filesystem.total", "/", 0),
    ("disk.read", "", 0),
    ("disk.written", "", 0),
    ("disk.read", "first", 0),
    ("disk.written", "first", 0),
    ("network.received", "", 0),
    ("network.sent", "", 0),
    ("network.received", "card", 0),
    ("network.sent", "card", 0),
    ("network.received", "loopback", 0),
    ("network.sent", "loopback", 0),
    ("load.1", "", 2),
    ("load.5", "", 2),
    ("load.15", "", 2),
    ("uptime", "", 0),
    ("programs.running", "", 2),
    ("programs.blocked", "", 2),
    ("programs.begun", "", 2),
    ("switches", "", 2),
    ("faults", "", 2),
    ("memory.cached", "", 0),
    ("memory.dirty", "", 0),
    ("memory.anonymous", "", 0),
    ("memory.slab", "", 0),
    ("sockets", "", 2),
    ("files", "", 2),
];

/// Everything that is read at one moment. Counters only rise.
#[derive(Debug)]
pub(crate) struct Reading {
    at: Instant,
    /// User, system, idle, waiting and stolen ticks: of all cores, and of the first two.
    cpu: [[u64; 5]; 3],
    /// Disk read and written, received and sent by the card, and over the loopback: bytes.
    bytes: [u64; 6],
    /// Processes begun, switches of context, page faults.
    counts: [u64; 3],
    /// Memory: total, available, cached, dirty, anonymous, slab.
    memory: [f64; 6],
    /// Size and used bytes of the file system.
    files: [f64; 2],
    /// Load of 1, 5 and 15 minutes, uptime, running, blocked, sockets, open files.
    gauges: [f64; 8],
}

impl Reading {
    pub(crate) fn take() -> Result<Self> {
        let at = Instant::now();
        let stat = Words::read("/proc/stat")?;
        let cpu = ["cpu", "cpu0", "cpu1"].map(|core| {
            let ticks = |index| stat.number(core, index) as u64;
            [ticks(0) + ticks(1), ticks(2) + ticks(5) + ticks(6), ticks(3), ticks(4), ticks(7)]
        });
        let memory = Words::read("/proc/meminfo")?;
        let network = Words::read("/proc/net/dev")?;
        let card = network.0.keys().find(|name| name.starts_with("eth") || name.starts_with("en")).cloned();
        let card = card.unwrap_or_default();
        let disks = fs::read_to_string("/proc/diskstats").context("/proc/diskstats")?;
        let is_disk = |name: &str| ["vda", "sda", "nvme0n1", "xvda"].contains(&name);
        let disk = disks.lines().find(|line| line.split_whitespace().nth(2).is_some_and(is_disk));
        let sectors = |index| disk.and_then(|line| line.split_whitespace().nth(index)?.parse().ok());
        let [read, written] = [5, 9].map(|index| 512 * sectors(index).unwrap_or(0));
        let flow = |name: &str, index| network.number(name, index) as u64;
        let faults = Words::read("/proc/vmstat")?.number("pgfault", 0) as u64;
        let load = Words::first("/proc/loadavg")?;
        let root = rustix::fs::statvfs("/").context("the size of /")?;
        let [blocks, free] = [root.f_blocks, root.f_bfree].map(|blocks| (blocks * root.f_frsize) as f64);
        let sockets = Words::read("/proc/net/sockstat")?.number("sockets", 1);
        Ok(Self {
            at,
            cpu,
            bytes: [read, written, flow(&card, 0), flow(&card, 8), flow("lo", 0), flow("lo", 8)],
            counts: [stat.number("processes", 0) as u64, stat.number("ctxt", 0) as u64, faults],
            memory: ["MemTotal", "MemAvailable", "Cached", "Dirty", "AnonPages", "Slab"]
                .map(|name| memory.number(name, 0) * 1_024.0),
            files: [blocks, blocks - free],
            gauges: [
                load[0],
                load[1],
                load[2],
                Words::first("/proc/uptime")?[0].floor(),
                stat.number("procs_running", 0),
                stat.number("procs_blocked", 0),
                sockets,
                Words::first("/proc/sys/fs/file-nr")?[0],
            ],
        })
    }
}

/// The values of [`METRICS`], rounded to their decimals.
pub(crate) fn values(before: &Reading, now: &Reading) -> Vec<f64> {
    let seconds = now.at.duration_since(before.at).as_secs_f64();
    let speeds = |before: &[u64], now: &[u64]| -> Vec<f64> {
        before.iter().zip(now).map(|(before, now)| now.saturating_sub(*before) as f64 / seconds).collect()
    };
    // The shares of busy, user, system and waiting time, as the collector of the cores works them out.
    let shares: Vec<[f64; 4]> = before
        .cpu
        .iter()
        .zip(&now.cpu)
        .map(|(before, now)| {
            let [user, system, idle, wait, steal] =
                [0, 1, 2, 3, 4].map(|mode: usize| now[mode].saturating_sub(before[mode]));
            let all = (user + system + idle + wait + steal).max(1);
            [user + system + steal, user, system, wait + steal].map(|ticks| 100.0 * ticks as f64 / all as f64)
        })
        .collect();
    let mut values = vec![shares[0][0]];
    values.extend((0..4).flat_map(|mode| [shares[1][mode], shares[2][mode]]));
    let [total, available, cached, dirty, anonymous, slab] = now.memory;
    values.extend([100.0 * (total - available) / total, total - available, total]);
    let [size, used] = now.files;
    values.extend([100.0 * used / size, used, size]);
    let bytes = speeds(&before.bytes, &now.bytes);
    // The only disk and the only card are the totals, too.
    values.extend([0, 1, 0, 1, 2, 3, 2, 3, 4, 5].map(|index: usize| bytes[index]));
    values.extend(&now.gauges[..6]);
    values.extend(speeds(&before.counts, &now.counts));
    values.extend([cached, dirty, anonymous, slab]);
    values.extend(&now.gauges[6..]);
    let rounded = values.iter().zip(METRICS).map(|(value, (_, _, decimals))| {
        let scale = 10_f64.powi(i32::from(decimals));
        (value * scale).round() / scale
    });
    rounded.collect()
}

/// Lines of a name and numbers.
struct Words(HashMap<String, Vec<f64>>);

impl Words {
    fn read(path: &str) -> Result<Self> {
        let text = fs::read_to_string(path).context(path.to_owned())?;
        let line = |line: &str| {
            let line = line.replacen(':', " ", 1);
            let mut words = line.split_whitespace();
            let name = words.next()?.to_owned();
            Some((name, words.map(|word| word.parse().unwrap_or(0.0)).collect()))
        };
        Ok(Self(text.lines().filter_map(line).collect()))
    }

    fn number(&self, name: &str, index: usize) -> f64 {
        self.0.get(name).and_then(|numbers| numbers.get(index)).copied().unwrap_or(0.0)
    }

    /// The numbers of the first line, three at least.
    fn first(path: &str) -> Result<Vec<f64>> {
        let text = fs::read_to_string(path).context(path.to_owned())?;
        let numbers = text.split_whitespace().map(|word| word.parse().unwrap_or(0.0));
        Ok(numbers.chain([0.0; 3]).collect())
    }
}
