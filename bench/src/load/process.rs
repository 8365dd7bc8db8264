//! Reads the resources of a server's processes from /proc.

use std::fs;

use anyhow::{Context, Result, anyhow};

/// Linux counts processor time for user space in hundredths of a second (`USER_HZ`), whatever its own tick is.
const TICKS: f64 = 100.0;

/// CPU seconds of these processes since they began, in all their threads.
pub(crate) fn cpu_seconds(pids: &[u32]) -> Result<f64> {
    pids.iter().try_fold(0.0, |sum, pid| {
        let stat = read(*pid, "stat")?;
        // The name before the last parenthesis may hold anything; utime and stime are fields 14 and 15.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |index: usize| -> Result<f64> {
            fields.get(index).and_then(|text| text.parse().ok()).context("the fields of /proc/PID/stat")
        };
        Ok(sum + (ticks(11)? + ticks(12)?) / TICKS)
    })
}

/// CPU seconds of a program since it began: of its processes, and of those of them that have ended.
pub(crate) fn cpu_seconds_with_ended(pid: u32) -> Result<f64> {
    let mut sum = 0.0;
    for pid in family(pid)? {
        // Its children may end meanwhile: then they count as ended ones of their parent the next time.
        let Ok(stat) = read(pid, "stat") else { continue };
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        // Its own time is 14 and 15, that of its ended children 16 and 17.
        let ticks = fields.skip(11).take(4).filter_map(|text| text.parse::<f64>().ok());
        sum += ticks.sum::<f64>() / TICKS;
    }
    Ok(sum)
}

/// Resident bytes of a program: of all its processes that are still there as they are looked at.
pub(crate) fn resident_of_family(pid: u32) -> Result<u64> {
    let others = family(pid)?.into_iter().filter(|other| *other != pid);
    let others: u64 = others.filter_map(|pid| resident(&[pid]).ok()).sum();
    Ok(resident(&[pid])? + others)
}

/// Resident bytes of these processes. Pages that several of them map count once (`Pss`).
pub(crate) fn resident(pids: &[u32]) -> Result<u64> {
    pids.iter().try_fold(0, |sum, pid| {
        let rollup = read(*pid, "smaps_rollup")?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
        Ok(sum + 1024 * kilobytes.context("Pss in /proc/PID/smaps_rollup")?)
    })
}

/// The process and its children, and theirs.
pub(crate) fn family(pid: u32) -> Result<Vec<u32>> {
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        // A child is told by the thread that has started it.
        let threads = fs::read_dir(format!("/proc/{parent}/task"));
        if parent == pid {
            threads.as_ref().map_err(|error| anyhow!("{error}: has the server ended?"))?;
        }
        for thread in threads.into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|text| text.parse::<u32>().ok()));
        }
        next += 1;
    }
    Ok(found)
}

fn read(pid: u32, file: &str) -> Result<String> {
    let path = format!("/proc/{pid}/{file}");
    fs::read_to_string(&path).with_context(|| format!("cannot read {path}: has the server ended?"))
}

/// Bytes that the kernel holds for this process towards peers that do not read: the send queues of the TCP
/// connections whose own end is `port` (proc(5), /proc/net/tcp).
pub(crate) fn send_queues(port: u16) -> Result<Vec<u64>> {
    let table = fs::read_to_string("/proc/net/tcp").context("cannot read /proc/net/tcp")?;
    let own = format!(":{port:04X}");
    let queue = |line: &str| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, queues) = (fields.next()?, fields.nth(2)?);
        local.ends_with(&own).then(|| u64::from_str_radix(queues.split(':').next()?, 16).ok())?
    };
    Ok(table.lines().filter_map(queue).collect())
}
