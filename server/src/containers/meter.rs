//! A meter of containers, from the kernel's own files.

use std::collections::HashMap;

use common::container::ContainerUsage;
use container_engine::{
    ContainerId, Limits,
    cgroup::CgroupFinder,
    usage::{Reading, usage},
};

use super::table::RunningContainer;

/// The last readings.
#[derive(Debug)]
pub(super) struct Meter {
    finder: CgroupFinder,
    before: HashMap<ContainerId, (u32, Reading)>,
}

impl Default for Meter {
    fn default() -> Self {
        Self { finder: CgroupFinder::new(), before: HashMap::new() }
    }
}

impl Meter {
    /// Reads all that can be read. A container that has just started has no rates yet, but memory. Returns those whose files are not on this
    /// machine, too.
    pub(super) fn measure(
        &mut self,
        running: &[RunningContainer],
    ) -> (Vec<ContainerUsage>, Vec<RunningContainer>) {
        let mut now = HashMap::with_capacity(running.len());
        let mut told = Vec::with_capacity(running.len());
        let mut elsewhere = Vec::new();
        for one in running {
            let RunningContainer { id, pid, limits } = one;
            let Ok(reading) = self.finder.find(id, *pid).and_then(|files| files.read()) else {
                elsewhere.push(one.clone());
                continue;
            };
            let before = self.before.get(id).filter(|(known, _)| known == pid).map(|(_, reading)| reading);
            told.push(self::told(id, &reading, before, limits));
            now.insert(id.clone(), (*pid, reading));
        }
        self.before = now;
        (told, elsewhere)
    }
}

/// The usage between two readings of one container, as it is told.
pub(super) fn told(
    id: &ContainerId,
    reading: &Reading,
    before: Option<&Reading>,
    limits: &Limits,
) -> ContainerUsage {
    let rates = before.and_then(|before| usage(before, reading, limits));
    let network = rates.as_ref().and_then(|rates| rates.network);
    let disks = rates.as_ref().and_then(|rates| rates.disks);
    ContainerUsage {
        id: id.to_string(),
        cpu: rates.as_ref().map(|rates| rounded(100.0 * rates.cpus)),
        memory: reading.memory.map(|(bytes, _)| bytes),
        received: network.map(|rates| rates.received.round()),
        sent: network.map(|rates| rates.sent.round()),
        read: disks.map(|rates| rates.received.round()),
        written: disks.map(|rates| rates.sent.round()),
    }
}

/// To a hundredth: more digits are noise, and bytes on every wire.
fn rounded(value: f64) -> f64 {
    (100.0 * value).round() / 100.0
}

#[cfg(test)]
mod tests {
    use container_engine::usage::{MemoryBasis, Transferred};

    use super::*;

    #[test]
    fn the_first_reading_has_levels_and_the_second_rates() {
        let id: ContainerId = "0123456789ab".parse().expect("an id");
        let at = |seconds: u64, cpu: u64| Reading {
            at: seconds * 1_000_000_000,
            cpu,
            memory: Some((4_096, MemoryBasis::WithoutInactiveFile)),
            network: Some(Transferred { received: 100 * seconds, sent: 0 }),
            ..Reading::default()
        };
        let first = told(&id, &at(1, 0), None, &Limits::default());
        assert_eq!((first.cpu, first.memory, first.received, first.read), (None, Some(4_096), None, None));
        let second = told(&id, &at(3, 500_000_000), Some(&at(1, 0)), &Limits::default());
        assert_eq!((second.cpu, second.received, second.sent), (Some(25.0), Some(100.0), Some(0.0)));
    }
}
