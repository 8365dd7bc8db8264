//! The few values that say whether a host is well: what they stand at, since when, and what was worst.

use charts::{Level, Threshold};
use common::{
    Sample,
    history::History,
    metric::{Thresholds, Unit},
    metric_catalog::MetricCatalog,
    panel::Panel,
};

use super::level::{LevelState, LevelTracker, Peak};
use crate::{
    format,
    i18n::{Language, Words},
};

/// Thresholds as charts and trackers take them.
pub(crate) fn limits(thresholds: Option<Thresholds>) -> Vec<Threshold> {
    let threshold = |value, level| Threshold { value, level };
    let both = thresholds.map(|Thresholds { warn, critical }| {
        [threshold(warn, Level::Warn), threshold(critical, Level::Critical)]
    });
    both.into_iter().flatten().collect()
}

/// A value that is judged: that of a panel.
#[derive(Debug, Clone, Copy)]
pub struct Vital(&'static Panel);

impl PartialEq for Vital {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Vital {
    /// Returns the value's name for people.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        language.pick(self.0.title)
    }

    /// Its value with its unit, in as few letters as a title has room for.
    #[must_use]
    pub fn short(self, value: f64) -> String {
        match self.0.main().map(|metric| metric.unit) {
            Some(Unit::Percent) => [&format::fixed(value, 0), "%"].concat(),
            Some(Unit::Count) | None => format::fixed(value, 1),
            Some(unit) => format::full(value, unit),
        }
    }
}

/// The state of one judged value.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    vital: Vital,
    limits: Vec<Threshold>,
    tracker: LevelTracker,
    /// The newest value.
    pub value: Option<f64>,
    /// The highest.
    pub peak: Option<Peak>,
    /// True if people were alerted that the value is critical.
    rung: bool,
}

impl Judged {
    /// Returns the level and the value; none if the value is normal.
    #[must_use]
    pub fn alarm(&self) -> Option<Alarm> {
        Some(Alarm { vital: self.vital, value: self.value?, state: self.tracker.state()? })
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
    /// In the order of the panels.
    judged: Vec<Judged>,
}

impl Vitals {
    /// Those of a host with so many cores, from what its server remembers.
    #[must_use]
    pub fn of(catalog: &MetricCatalog, cores: usize, history: &History) -> Self {
        let judged = |panel: &'static Panel| Judged {
            vital: Vital(panel),
            limits: limits(panel.thresholds(cores)),
            tracker: LevelTracker::default(),
            value: None,
            peak: None,
            rung: false,
        };
        let panels = catalog.panels.iter().filter(|panel| panel.is_judged());
        let mut vitals = Self { judged: panels.map(judged).collect() };
        for (at, columns) in [(&history.at, &history.values), (&history.rates.at, &history.rates.values)] {
            for (index, at) in at.iter().enumerate() {
                let value = |metric: &str| columns.get(metric)?.get(index).copied().flatten();
                vitals.take(*at, &value);
            }
        }
        vitals
    }

    /// Takes what a sample has of them.
    pub fn push(&mut self, sample: &Sample) {
        self.take(sample.at, &|metric| sample.total(metric));
    }

    /// Returns the changes that were not reported yet, and marks them as reported.
    pub fn turns(&mut self) -> Vec<LevelChange> {
        let mut turns = Vec::new();
        for judged in &mut self.judged {
            match judged.alarm() {
                Some(alarm) if alarm.state.rings() && !judged.rung => {
                    judged.rung = true;
                    turns.push(LevelChange::Critical(alarm));
                }
                alarm if judged.rung && alarm.is_none_or(|alarm| alarm.state.level != Level::Critical) => {
                    judged.rung = false;
                    turns.push(LevelChange::Recovered(judged.vital, judged.tracker.ended_after_ms()));
                }
                _ => {}
            }
        }
        turns
    }

    /// That of a panel, if it is judged.
    #[must_use]
    pub fn judged(&self, panel: &Panel) -> Option<&Judged> {
        self.judged.iter().find(|judged| judged.vital.0.id == panel.id)
    }

    /// That of a panel, where it is not well.
    #[must_use]
    pub fn alarm(&self, panel: &Panel) -> Option<Alarm> {
        self.judged(panel)?.alarm()
    }

    /// All that are not well, the worst first.
    #[must_use]
    pub fn alarms(&self) -> Vec<Alarm> {
        let of = |level| {
            let alarms = self.judged.iter().filter_map(Judged::alarm);
            alarms.filter(move |alarm| alarm.state.level == level)
        };
        of(Level::Critical).chain(of(Level::Warn)).collect()
    }

    fn take(&mut self, at: u64, total: &dyn Fn(&str) -> Option<f64>) {
        for judged in &mut self.judged {
            let value = judged.vital.0.value(total).filter(|value| value.is_finite());
            let Some(value) = value else { continue };
            judged.tracker.push(at, value, &judged.limits);
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

    fn catalog() -> &'static MetricCatalog {
        Box::leak(Box::new(MetricCatalog::from_text(include_str!("../../tests/catalog.txt"))))
    }

    fn panel(id: &str) -> &'static Panel {
        catalog().panels.iter().find(|panel| panel.id == id).expect(id)
    }

    fn sample(at: u64, values: &[(&'static str, f64)]) -> Sample {
        let mut sample = Sample { at, ..Sample::default() };
        sample.values.extend(values.iter().map(|(metric, value)| (SeriesKey::of(metric), *value)));
        sample
    }

    #[test]
    fn load_is_judged_by_the_cores_that_there_are() {
        let level = |cores, load| {
            let mut vitals = Vitals::of(catalog(), cores, &History::default());
            vitals.push(&sample(1, &[("load.1", load)]));
            vitals.alarm(panel("load")).map(|alarm| alarm.state.level)
        };
        assert_eq!(
            [level(2, 1.9), level(2, 2.0), level(2, 17.0)],
            [None, Some(Level::Warn), Some(Level::Critical)]
        );
        assert_eq!(level(32, 17.0), None);
        assert_eq!(level(0, 3.0), Some(Level::Critical), "a host that does not tell has one");
    }

    #[test]
    fn a_metric_that_is_not_measured_or_not_known_is_never_an_alarm() {
        let mut vitals = Vitals::of(catalog(), 2, &History::default());
        vitals.push(&sample(1, &[("of.tomorrow", 1e9), ("cpu.total", f64::NAN)]));
        assert_eq!(vitals.alarms(), []);
        let mut none = Vitals::of(&MetricCatalog::default(), 2, &History::default());
        none.push(&sample(1, &[("cpu.total", 99.0)]));
        assert_eq!(none.alarms(), []);
    }

    #[test]
    fn what_lasts_is_told_once_and_so_is_its_end() {
        let mut vitals = Vitals::of(catalog(), 2, &History::default());
        let mut told = Vec::new();
        let values = std::iter::repeat_n(97.0, 120).chain(std::iter::repeat_n(5.0, 60));
        for (second, value) in values.enumerate() {
            vitals.push(&sample(second as u64 * 1000, &[("cpu.total", value), ("memory.percent", 20.0)]));
            told.extend(vitals.turns().into_iter().map(|turn| (second, turn)));
        }
        let [(31, LevelChange::Critical(alarm)), (150, LevelChange::Recovered(cpu, 119_000))] = told[..]
        else {
            panic!("{told:?}");
        };
        assert_eq!((alarm.vital, cpu, alarm.value), (Vital(panel("cpu")), Vital(panel("cpu")), 97.0));
    }

    #[test]
    fn what_the_server_remembers_counts() {
        let at: Vec<u64> = (0..240).map(|second| second * 1000).collect();
        let values = [("cpu.total".into(), at.iter().map(|_| Some(95.0)).collect())].into();
        let vitals = Vitals::of(catalog(), 2, &History { at, values, ..History::default() });
        let alarms = vitals.alarms();
        assert_eq!(alarms.len(), 1);
        assert_eq!(alarms[0].told(Words::of(Language::En)), "Critical for over 3 min");
        assert_eq!(alarms[0].told(Words::of(Language::Ko)), "위험 3분 이상");
    }

    #[test]
    fn the_worst_comes_first_and_traffic_is_never_an_alarm() {
        let mut vitals = Vitals::of(catalog(), 4, &History::default());
        let rates = [("network.received", 9e9), ("network.sent", 1e9)];
        vitals.push(&sample(1, &rates));
        vitals.push(&sample(2, &[("cpu.total", 85.0), ("disk.percent", 96.0)]));
        let order: Vec<_> = vitals.alarms().iter().map(|alarm| alarm.vital).collect();
        assert_eq!(order, [Vital(panel("disk")), Vital(panel("cpu"))]);
        assert_eq!(vitals.judged(panel("network")).and_then(|judged| Some(judged.peak?.value)), Some(1e10));
    }
}
