//! Measures the use of the cores from `/proc/stat` (proc_stat(5)).
//!
//! `sysinfo` reads the same file, but keeps to itself on what the time was spent, and will not read it twice
//! in 200 ms.

use std::collections::BTreeMap;

use super::usage::{Modes, Shares, Usage};
use crate::collectors::small_file::SmallFile;

/// The lines of cores come first: a megabyte has some ten thousand of them.
const LONGEST: usize = 1 << 20;

/// The file, and the last reading of each core's clocks.
#[derive(Debug)]
pub(super) struct CpuSource {
    file: SmallFile,
    clocks: Clocks,
}

/// The last reading of each core's clocks.
#[derive(Debug, Default)]
struct Clocks {
    total: Option<Times>,
    cores: BTreeMap<u32, Times>,
}

/// Time since the machine started, in ticks (`USER_HZ`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Times {
    /// `user` and `nice`, guests included.
    user: u64,
    /// `system`, `irq` and `softirq`.
    system: u64,
    idle: u64,
    iowait: u64,
    steal: u64,
}

impl CpuSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { file: SmallFile::of_at_most(LONGEST, "/proc/stat"), clocks: Clocks::default() })
    }

    /// The first reading has nothing to be compared with, and so says nothing.
    pub(super) fn read(&mut self, with_cores: bool) -> Usage {
        let Self { file, clocks } = self;
        file.read().map_or_else(Usage::default, |text| clocks.advance(text, with_cores))
    }
}

impl Clocks {
    fn advance(&mut self, text: &str, with_cores: bool) -> Usage {
        let mut usage = Usage::default();
        let mut cores = BTreeMap::new();
        for (core, times) in text.lines().map_while(parse) {
            match core {
                None => {
                    let shares = self.total.and_then(|before| times.since(before));
                    usage.total = shares.map(|shares| shares.busy);
                    self.total = Some(times);
                }
                Some(_) if !with_cores => return usage,
                Some(core) => {
                    let before = self.cores.get(&core).copied();
                    usage.cores.extend(before.and_then(|before| Some((core, times.since(before)?))));
                    cores.insert(core, times);
                }
            }
        }
        // A core that was switched off is forgotten.
        self.cores = cores;
        usage
    }
}

impl Times {
    /// `None` if no tick has passed. The clocks of a core may step back a little (`iowait`), or start anew
    /// when it was switched off: such a clock stood still.
    fn since(self, before: Self) -> Option<Shares> {
        let user = self.user.saturating_sub(before.user);
        let system = self.system.saturating_sub(before.system);
        let idle = self.idle.saturating_sub(before.idle);
        let iowait = self.iowait.saturating_sub(before.iowait);
        let steal = self.steal.saturating_sub(before.steal);
        let all = user + system + idle + iowait + steal;
        let share = |ticks: u64| 100.0 * ticks as f64 / all as f64;
        (all > 0).then(|| Shares {
            busy: share(user + system + steal),
            modes: Some(Modes { user: share(user), system: share(system), wait: share(iowait + steal) }),
        })
    }
}

/// One `cpu` line: its core, or none for all together. `None` for every other line; the `cpu` lines come
/// first.
fn parse(line: &str) -> Option<(Option<u32>, Times)> {
    let (core, ticks) = line.strip_prefix("cpu")?.split_once(' ')?;
    let core = if core.is_empty() { None } else { Some(core.parse().ok()?) };
    let mut ticks = ticks.split_ascii_whitespace().map(str::parse);
    // Kernels before 2.6.11 end earlier; `guest` and `guest_nice`, which follow, are part of `user` and
    // `nice`.
    let mut next = || ticks.next().unwrap_or(Ok(0)).ok();
    let [user, nice, system, idle] = [next()?, next()?, next()?, next()?];
    let [iowait, irq, softirq, steal] = [next()?, next()?, next()?, next()?];
    Some((core, Times { user: user + nice, system: system + irq + softirq, idle, iowait, steal }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two readings of a virtual machine with two cores, under load.
    const BEFORE: &str = "\
cpu  104264 10 16368 83998 864 0 148 198 40 0
cpu0 51397 10 8265 42891 200 0 19 99 40 0
cpu1 52867 0 8103 41106 664 0 129 99 0 0
intr 630945 0 0 1 14
ctxt 759047
btime 1763547127
";
    const AFTER: &str = "\
cpu  104324 10 16378 84048 884 4 154 248 40 0
cpu0 51447 10 8275 42931 200 0 19 99 40 0
cpu1 52877 0 8103 41116 684 4 135 149 0 0
intr 640945 0 0 1 14
ctxt 769047
btime 1763547127
";

    fn shares(busy: f64, user: f64, system: f64, wait: f64) -> Shares {
        Shares { busy, modes: Some(Modes { user, system, wait }) }
    }

    #[test]
    fn shares_are_those_of_the_time_between_two_readings() {
        let mut source = Clocks::default();
        let first = source.advance(BEFORE, true);
        assert!(first.total.is_none() && first.cores.is_empty());
        let second = source.advance(AFTER, true);
        assert_eq!(second.total, Some(65.0));
        assert_eq!(second.cores, [(0, shares(60.0, 50.0, 10.0, 0.0)), (1, shares(70.0, 10.0, 10.0, 70.0))]);
    }

    #[test]
    fn cores_are_compared_with_the_last_reading_that_had_them() {
        let mut source = Clocks::default();
        source.advance(BEFORE, true);
        let total_only = source.advance(AFTER, false);
        assert!(total_only.total.is_some() && total_only.cores.is_empty());
        let again = source.advance(AFTER, true);
        assert_eq!(again.total, None, "no tick has passed");
        assert_eq!(again.cores.len(), 2);
    }

    #[test]
    fn a_core_that_comes_back_begins_anew() {
        let mut source = Clocks::default();
        let one_core = BEFORE.replace("cpu1", "gone");
        source.advance(BEFORE, true);
        source.advance(&one_core, true);
        assert_eq!(source.cores.len(), 1);
        assert!(source.advance(AFTER, true).cores.iter().all(|(core, _)| *core == 0));
    }

    #[test]
    fn a_clock_that_steps_back_stood_still() {
        let mut source = Clocks::default();
        source.advance(AFTER, true);
        assert_eq!(source.advance(BEFORE, true).total, None);
    }

    #[test]
    fn what_is_not_a_cpu_line_is_not_read_as_one() {
        for line in ["", "cpu", "cpux 1 2 3 4", "cpu0 a b c d", "intr 1 2 3", "cpu0 -1 2 3 4"] {
            assert_eq!(parse(line), None, "{line:?}");
        }
        let times = Times { user: 3, system: 3, idle: 4, ..Times::default() };
        assert_eq!(parse("cpu7 1 2 3 4"), Some((Some(7), times)));
    }
}
