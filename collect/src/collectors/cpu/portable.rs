//! Measures the use of the cores on systems without `/proc/stat`.

use std::time::{Duration, Instant};

use sysinfo::{MINIMUM_CPU_UPDATE_INTERVAL, System};

use super::usage::{Shares, Usage};

/// `sysinfo`'s view: no modes, and nothing new within [`MINIMUM_CPU_UPDATE_INTERVAL`].
pub(super) struct CpuSource {
    system: System,
    refreshed: Option<Instant>,
}

impl CpuSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { system: System::new()?, refreshed: None })
    }

    /// The first reading has nothing to be compared with, and so says nothing.
    pub(super) fn read(&mut self, with_cores: bool) -> Usage {
        let now = Instant::now();
        let passed = self.refreshed.map_or(Duration::ZERO, |refreshed| now.duration_since(refreshed));
        let is_first = self.refreshed.is_none();
        if is_first || passed > MINIMUM_CPU_UPDATE_INTERVAL {
            self.system.refresh_cpu_usage();
            self.refreshed = Some(now);
        }
        if is_first {
            return Usage::default();
        }
        let share = |percent: f32| f64::from(percent).clamp(0.0, 100.0);
        let cores = if with_cores { self.system.cpus() } else { &[] };
        Usage {
            total: Some(share(self.system.global_cpu_usage())),
            cores: (0..)
                .zip(cores.iter().map(|cpu| Shares { busy: share(cpu.usage()), modes: None }))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
    fn the_second_reading_says_how_busy_each_core_was() {
        let mut source = CpuSource::new().expect("a source");
        assert!(source.read(true).total.is_none());
        std::thread::sleep(MINIMUM_CPU_UPDATE_INTERVAL + Duration::from_millis(50));
        let usage = source.read(true);
        assert!((0.0..=100.0).contains(&usage.total.expect("a total")));
        assert!(!usage.cores.is_empty());
        assert!(usage.cores.iter().all(|(_, shares)| (0.0..=100.0).contains(&shares.busy)));
        assert!(source.read(false).cores.is_empty());
    }
}
