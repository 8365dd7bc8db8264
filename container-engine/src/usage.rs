//! A container's use of its host: totals as they are read, and rates between two of them. Statistics and cgroup files give the same.

use crate::container::Limits;

/// The shortest time between two readings that gives a rate: over less, one tick of the kernel's clock is most of what is measured.
const SHORTEST: u64 = 100_000_000;

/// Totals at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Nanoseconds on the source's own clock: the engine's `read`, or this process's monotonic one. Only differences count.
    pub at: u64,
    /// Nanoseconds of processors since the container's start.
    pub cpu: u64,
    /// The processors of the host that are online.
    pub online_cpus: Option<u32>,
    /// Bytes of memory, and what they are counted from.
    pub memory: Option<(u64, MemoryBasis)>,
    /// The limit of memory as the kernel applies it; the host's memory where there is none.
    pub memory_limit: Option<u64>,
    /// Bytes received and sent since the start; none where it has the host's network.
    pub network: Option<Transferred>,
    /// Bytes read from and written to disks since the start.
    pub disks: Option<Transferred>,
    /// Processes and threads.
    pub pids: Option<u64>,
    /// The limit of these.
    pub pids_limit: Option<u64>,
    /// Times that the memory limit ended a process, where the source tells.
    pub oom_kills: Option<u64>,
}

/// Bytes in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Transferred {
    /// Received, or read.
    pub received: u64,
    /// Sent, or written.
    pub sent: u64,
}

/// The definition of a container's memory: engines count it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoryBasis {
    /// Everything but the part of the page cache that the kernel would give up first, as `docker stats` counts it.
    WithoutInactiveFile,
    /// Memory that no file stands behind, and nothing else: Podman before 5.8. It may be a tenth of the other.
    AnonymousOnly,
}

/// Rates and levels between two readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Processors used: 1.5 is one and a half.
    pub cpus: f64,
    /// The share of all of the host's processors, from 0 to 1.
    pub cpu_of_host: Option<f64>,
    /// The share of the container's limit, from 0 to 1 and, for a moment, above; none without a limit.
    pub cpu_of_limit: Option<f64>,
    /// Bytes of memory, and what they are counted from.
    pub memory: Option<(u64, MemoryBasis)>,
    /// The share of the container's own limit of memory; none without one.
    pub memory_of_limit: Option<f64>,
    /// Bytes a second from and to the network.
    pub network: Option<Rates>,
    /// Bytes a second from and to disks.
    pub disks: Option<Rates>,
    /// Processes and threads.
    pub pids: Option<u64>,
}

/// Bytes a second in both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Received, or read.
    pub received: f64,
    /// Sent, or written.
    pub sent: f64,
}

/// Computes the usage between two readings of one container. Nothing when there is no time between them, or a total went down: then it was
/// started again.
#[must_use]
pub fn usage(before: &Reading, after: &Reading, limits: &Limits) -> Option<Usage> {
    let passed = after.at.checked_sub(before.at).filter(|passed| *passed >= SHORTEST)?;
    let cpu = after.cpu.checked_sub(before.cpu)?;
    let seconds = passed as f64 / 1e9;
    let cpus = cpu as f64 / passed as f64;
    let limit = limits.nano_cpus.map(|limit| limit as f64 / 1e9);
    let rates = |before: Option<Transferred>, after: Option<Transferred>| -> Option<Rates> {
        let (before, after) = (before?, after?);
        // An interface or a disk that went away takes its bytes with it.
        let received = after.received.checked_sub(before.received)?;
        let sent = after.sent.checked_sub(before.sent)?;
        Some(Rates { received: received as f64 / seconds, sent: sent as f64 / seconds })
    };
    Some(Usage {
        cpus,
        cpu_of_host: after
            .online_cpus
            .filter(|count| *count > 0)
            .map(|count| (cpus / f64::from(count)).min(1.0)),
        cpu_of_limit: limit.map(|limit| cpus / limit),
        memory: after.memory,
        memory_of_limit: after
            .memory
            .zip(limits.memory.filter(|limit| *limit > 0))
            .map(|((used, _), limit)| used as f64 / limit as f64),
        network: rates(before.network, after.network),
        disks: rates(before.disks, after.disks),
        pids: after.pids,
    })
}

#[cfg(test)]
mod tests {
    use super::{MemoryBasis, Reading, Transferred, usage};
    use crate::container::Limits;

    const SECOND: u64 = 1_000_000_000;

    fn reading(at: u64, cpu: u64) -> Reading {
        Reading {
            at,
            cpu,
            online_cpus: Some(4),
            memory: Some((50, MemoryBasis::WithoutInactiveFile)),
            network: Some(Transferred { received: at / SECOND * 100, sent: 7 }),
            ..Reading::default()
        }
    }

    #[test]
    fn shares_are_of_the_host_and_of_the_limit() {
        let limits = Limits { memory: Some(200), nano_cpus: Some(SECOND / 2), pids: None };
        let usage = usage(&reading(SECOND, 0), &reading(3 * SECOND, SECOND), &limits).unwrap();
        assert_eq!((usage.cpus, usage.cpu_of_host, usage.cpu_of_limit), (0.5, Some(0.125), Some(1.0)));
        assert_eq!(usage.memory_of_limit, Some(0.25));
        assert_eq!(usage.network.map(|rates| (rates.received, rates.sent)), Some((100.0, 0.0)));
        assert_eq!(usage.disks, None);
    }

    #[test]
    fn totals_that_went_down_and_clocks_that_stand_still_give_none() {
        let none = Limits::default();
        assert!(usage(&reading(SECOND, 5), &reading(2 * SECOND, 4), &none).is_none());
        assert!(usage(&reading(SECOND, 5), &reading(SECOND, 6), &none).is_none());
        assert!(usage(&reading(2 * SECOND, 5), &reading(SECOND, 6), &none).is_none());
        let extreme = usage(&reading(0, 0), &reading(u64::MAX, u64::MAX), &none).unwrap();
        assert_eq!((extreme.cpus, extreme.cpu_of_limit, extreme.memory_of_limit), (1.0, None, None));
        let mut later = reading(2 * SECOND, 5);
        later.network = Some(Transferred::default());
        let usage = usage(&reading(SECOND, 5), &later, &none).unwrap();
        assert_eq!((usage.network, usage.cpus), (None, 0.0));
    }
}
