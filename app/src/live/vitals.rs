//! The few values that say whether a host is well: what they stand at, since when, and what was worst.

use charts::{Level, Threshold};
use common::{
    Sample,
    history::History,
    series::{Unit, id},
};

use super::level::{LevelState, LevelTracker, Peak};
use crate::{
    format,
    i18n::{Pick, Words},
};

/// Look at it today, percent.
pub const WARN_AT: f64 = 80.0;
/// Look at it now, percent.
pub const CRITICAL_AT: f64 = 90.0;
/// The warning threshold of the load average, for each core: from one on, programs wait for a core.
const LOAD_WARN: f64 = 1.0;
const LOAD_CRITICAL: f64 = 2.0;

/// The thresholds of every share of a whole.
pub const SHARE_LIMITS: [Threshold; 2] = [
    Threshold { value: WARN_AT, level: Level::Warn },
    Threshold { value: CRITICAL_AT, level: Level::Critical },
];

/// A value that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vital {
    /// Busy share of all cores.
    Cpu,
    /// Memory in use.
    Memory,
    /// Space in use on the fullest disk.
    Disk,
    /// Load average of the last minute.
    Load,
    /// All that goes over the network. No amount of it is bad by itself.
    Network,
}

impl Vital {
    /// Every judged value, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Cpu, Self::Memory, Self::Disk, Self::Load, Self::Network];

    /// Returns the value's name for people.
    #[must_use]
    pub fn name(self) -> Pick {
        match self {
            Self::Cpu => |w| w.cpu,
            Self::Memory => |w| w.memory,
            Self::Disk => |w| w.disk,
            Self::Load => |w| w.host_load,
            Self::Network => |w| w.network,
        }
    }

    /// Its value in a sample, where that has it.
    #[must_use]
    pub fn value(self, sample: &Sample) -> Option<f64> {
        self.total(&|series| sample.total(series))
    }

    /// Its value with its unit, in as few letters as a title has room for.
    #[must_use]
    pub fn short(self, value: f64) -> String {
        match self {
            Self::Load => format::fixed(value, 1),
            Self::Network => format::full(value, Unit::BytesPerSecond),
            _ => [&format::fixed(value, 0), "%"].concat(),
        }
    }

    fn total(self, value: &dyn Fn(&'static str) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Cpu => value(id::CPU_TOTAL),
            Self::Memory => value(id::MEMORY_PERCENT),
            Self::Disk => value(id::DISK_PERCENT),
            Self::Load => value(id::LOAD_1),
            Self::Network => Some(value(id::NETWORK_RECEIVED)? + value(id::NETWORK_SENT)?),
        }
    }

    fn limits(self, cores: usize) -> Vec<Threshold> {
        let cores = cores.max(1) as f64;
        match self {
            Self::Network => Vec::new(),
            Self::Load => vec![
                Threshold { value: LOAD_WARN * cores, level: Level::Warn },
                Threshold { value: LOAD_CRITICAL * cores, level: Level::Critical },
            ],
            _ => SHARE_LIMITS.to_vec(),
        }
    }
}

/// The state of one judged value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    tracker: LevelTracker,
    /// The newest value.
    pub value: Option<f64>,
    /// The highest.
    pub peak: Option<Peak>,
    /// True if people were alerted that the value is critical.
    rung: bool,
}

impl Judged {
    /// Returns the level; none if the value is normal.
    #[must_use]
    pub fn state(&self) -> Option<LevelState> {
        self.tracker.state()
    }
}

/// A value that is not well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm {
    /// Which one.
    pub vital: Vital,
    /// Its newest value.
    pub value: f64,
    /// The level and its beginning.
    pub state: LevelState,
}

impl Alarm {
    /// `Critical for 4 min`, and in its first second `Critical`.
    #[must_use]
    pub fn told(&self, words: &Words) -> String {
        let word = if self.state.level == Level::Critical { words.critical } else { words.warning };
        if self.state.lasted_ms < 1000 {
            return word.to_owned();
        }
        let lasted = format::duration(self.state.lasted_ms, words);
        if self.state.at_least { (words.level_over)(word, &lasted) } else { (words.level_for)(word, &lasted) }
    }

    /// The level's name for the stylesheet.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.state.level {
            Level::Warn => "warn",
            Level::Critical => "crit",
        }
    }
}

/// A change of level that is reported once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LevelChange {
    /// It has been critical for so long that a person is to know.
    Critical(Alarm),
    /// It no longer is, after so many milliseconds.
    Recovered(Vital, u64),
}

/// Every judged value of a host.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vitals {
    cores: usize,
    judged: [Judged; Vital::ALL.len()],
}

impl Vitals {
    /// Those of a host with so many cores, from what its server remembers.
    #[must_use]
    pub fn of(cores: usize, history: &History) -> Self {
        let mut vitals = Self { cores, ..Self::default() };
        for (at, columns) in [(&history.at, &history.values), (&history.rates.at, &history.rates.values)] {
            for (index, at) in at.iter().enumerate() {
                let value = |series: &'static str| columns.get(series)?.get(index).copied().flatten();
                vitals.take(*at, &value);
            }
        }
        vitals
    }

    /// Takes what a sample has of them.
    pub fn push(&mut self, sample: &Sample) {
        self.take(sample.at, &|series| sample.total(series));
    }

    /// Returns the changes that were not reported yet, and marks them as reported.
    pub fn turns(&mut self) -> Vec<LevelChange> {
        let mut turns = Vec::new();
        for vital in Vital::ALL {
            let alarm = self.alarm(vital);
            let judged = &mut self.judged[vital as usize];
            match alarm {
                Some(alarm) if alarm.state.rings() && !judged.rung => {
                    judged.rung = true;
                    turns.push(LevelChange::Critical(alarm));
                }
                alarm if judged.rung && alarm.is_none_or(|alarm| alarm.state.level != Level::Critical) => {
                    judged.rung = false;
                    turns.push(LevelChange::Recovered(vital, judged.tracker.ended_after_ms()));
                }
                _ => {}
            }
        }
        turns
    }

    /// One of them.
    #[must_use]
    pub fn judged(&self, vital: Vital) -> &Judged {
        &self.judged[vital as usize]
    }

    /// One of them, where it is not well.
    #[must_use]
    pub fn alarm(&self, vital: Vital) -> Option<Alarm> {
        let judged = self.judged(vital);
        Some(Alarm { vital, value: judged.value?, state: judged.state()? })
    }

    /// All that are not well, the worst first.
    #[must_use]
    pub fn alarms(&self) -> Vec<Alarm> {
        let of = |level| {
            let alarms = Vital::ALL.into_iter().filter_map(|vital| self.alarm(vital));
            alarms.filter(move |alarm| alarm.state.level == level)
        };
        of(Level::Critical).chain(of(Level::Warn)).collect()
    }

    fn take(&mut self, at: u64, value: &dyn Fn(&'static str) -> Option<f64>) {
        for vital in Vital::ALL {
            let Some(value) = vital.total(value).filter(|value| value.is_finite()) else { continue };
            let limits = vital.limits(self.cores);
            let judged = &mut self.judged[vital as usize];
            judged.tracker.push(at, value, &limits);
            judged.value = Some(value);
            judged.peak = Some(Peak::of(judged.peak, at, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use common::series::SeriesKey;

    use super::*;
    use crate::i18n::Language;

    fn sample(at: u64, values: &[(&'static str, f64)]) -> Sample {
        let values = values.iter().map(|(key, value)| (SeriesKey::of(key), *value)).collect();
        Sample { at, values, ..Sample::default() }
    }

    #[test]
    fn load_is_judged_by_the_cores_that_there_are() {
        let level = |cores, load| {
            let mut vitals = Vitals::of(cores, &History::default());
            vitals.push(&sample(1, &[(id::LOAD_1, load)]));
            vitals.alarm(Vital::Load).map(|alarm| alarm.state.level)
        };
        assert_eq!(
            [level(2, 1.9), level(2, 2.0), level(2, 17.0)],
            [None, Some(Level::Warn), Some(Level::Critical)]
        );
        assert_eq!(level(32, 17.0), None);
        assert_eq!(level(0, 3.0), Some(Level::Critical), "a host that does not tell has one");
    }

    #[test]
    fn what_lasts_is_told_once_and_so_is_its_end() {
        let mut vitals = Vitals::of(2, &History::default());
        let mut told = Vec::new();
        let values = std::iter::repeat_n(97.0, 120).chain(std::iter::repeat_n(5.0, 60));
        for (second, value) in values.enumerate() {
            vitals.push(&sample(second as u64 * 1000, &[(id::CPU_TOTAL, value), (id::MEMORY_PERCENT, 20.0)]));
            told.extend(vitals.turns().into_iter().map(|turn| (second, turn)));
        }
        let [(31, LevelChange::Critical(alarm)), (150, LevelChange::Recovered(Vital::Cpu, 119_000))] =
            told[..]
        else {
            panic!("{told:?}");
        };
        assert_eq!((alarm.vital, alarm.value), (Vital::Cpu, 97.0));
    }

    #[test]
    fn what_the_server_remembers_counts() {
        let at: Vec<u64> = (0..240).map(|second| second * 1000).collect();
        let values = [(SeriesKey::of(id::CPU_TOTAL), at.iter().map(|_| Some(95.0)).collect())].into();
        let vitals = Vitals::of(2, &History { at, values, ..History::default() });
        let alarms = vitals.alarms();
        assert_eq!(alarms.len(), 1);
        assert_eq!(alarms[0].told(Words::of(Language::En)), "Critical for over 3 min");
        assert_eq!(alarms[0].told(Words::of(Language::Ko)), "위험 3분 이상");
    }

    #[test]
    fn the_worst_comes_first_and_traffic_is_never_an_alarm() {
        let mut vitals = Vitals::of(4, &History::default());
        let rates = [(id::NETWORK_RECEIVED, 9e9), (id::NETWORK_SENT, 1e9)];
        vitals.push(&sample(1, &rates));
        vitals.push(&sample(2, &[(id::CPU_TOTAL, 85.0), (id::DISK_PERCENT, 96.0)]));
        let order: Vec<_> = vitals.alarms().iter().map(|alarm| alarm.vital).collect();
        assert_eq!(order, [Vital::Disk, Vital::Cpu]);
        assert_eq!(vitals.judged(Vital::Network).peak.map(|peak| peak.value), Some(1e10));
    }
}
