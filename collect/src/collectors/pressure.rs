//! Measures the time that tasks lose waiting for a resource.

use std::time::{Duration, Instant};

use common::{
    Percent,
    metric::{LocalizedText, Metric, Unit},
    panel::{Axis, Panel, PanelLine},
};

use super::{BackgroundReports, Collector, Readings, small_file::SmallFile};

/// Share of the time in which at least one task waited for a core.
const CPU_SOME: Metric =
    percent("pressure.cpu.some", LocalizedText::new("CPU: some tasks wait", "CPU: 일부 작업 대기"));
/// Share of the time in which at least one task waited for memory.
const MEMORY_SOME: Metric =
    percent("pressure.memory.some", LocalizedText::new("Memory: some tasks wait", "메모리: 일부 작업 대기"));
/// Share of the time in which all tasks that had work waited for memory.
const MEMORY_FULL: Metric =
    percent("pressure.memory.full", LocalizedText::new("Memory: all tasks wait", "메모리: 모든 작업 대기"));
/// Share of the time in which at least one task waited for a disk.
const IO_SOME: Metric =
    percent("pressure.io.some", LocalizedText::new("I/O: some tasks wait", "I/O: 일부 작업 대기"));
/// Share of the time in which all tasks that had work waited for disks.
const IO_FULL: Metric =
    percent("pressure.io.full", LocalizedText::new("I/O: all tasks wait", "I/O: 모든 작업 대기"));

const fn percent(id: &'static str, name: LocalizedText) -> Metric {
    Metric::gauge(id, Unit::Percent, name)
}

/// Pressure stall information (Documentation/accounting/psi.rst), from `/proc/pressure`.
///
/// The shares are taken from `total`, the microseconds since the machine started, over the time that really passed: `avg10` is a mean
/// that lags, whatever the pace of the samples. Of the cores `full` is not told: for the whole machine it is undefined, and always zero.
/// There are no thresholds: no share is bad on every machine. A kernel without PSI, or started with `psi=0`, has none of these.
pub(super) struct Pressure([StallFile; 3]);

/// The file of one resource.
#[derive(Debug)]
struct StallFile {
    file: SmallFile,
    some: &'static Metric,
    full: Option<&'static Metric>,
    before: Option<(Instant, StallTotals)>,
}

/// Microseconds since the machine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct StallTotals {
    some: Option<u64>,
    full: Option<u64>,
}

impl Collector for Pressure {
    const METRICS: &'static [Metric] = &[CPU_SOME, MEMORY_SOME, MEMORY_FULL, IO_SOME, IO_FULL];
    const PANELS: &'static [Panel] = &[Panel {
        axis: Axis::To(100.0),
        hint: LocalizedText::new(
            "Share of the time in which tasks wait; below the line, all tasks at once",
            "작업이 대기하는 시간의 비율, 선 아래는 모든 작업이 동시에 대기하는 시간",
        ),
        empty: LocalizedText::new(
            "This host does not report pressure (PSI): its kernel or its agent is without it.",
            "이 호스트는 자원 압박(PSI)을 알려 주지 않습니다. 커널이나 에이전트가 지원하지 않습니다.",
        ),
        ..Panel::trend(
            "pressure",
            55,
            LocalizedText::new("Resource pressure", "자원 압박"),
            &[
                PanelLine::of(&CPU_SOME, 0),
                PanelLine::of(&MEMORY_SOME, 1),
                PanelLine::of(&IO_SOME, 2),
                PanelLine::of(&MEMORY_FULL, 1).down(),
                PanelLine::of(&IO_FULL, 2).down(),
            ],
        )
    }];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self([
            StallFile::new("/proc/pressure/cpu", &CPU_SOME, None),
            StallFile::new("/proc/pressure/memory", &MEMORY_SOME, Some(&MEMORY_FULL)),
            StallFile::new("/proc/pressure/io", &IO_SOME, Some(&IO_FULL)),
        ]))
    }

    fn collect(&mut self, into: &mut Readings) {
        for file in &mut self.0 {
            file.collect(into);
        }
    }
}

impl StallFile {
    fn new(path: &str, some: &'static Metric, full: Option<&'static Metric>) -> Self {
        Self { file: SmallFile::new(path), some, full, before: None }
    }

    fn collect(&mut self, into: &mut Readings) {
        let totals = self.file.read().map(parse);
        let now = Instant::now();
        let Some(totals) = totals else {
            self.before = None;
            return;
        };
        if let Some((taken, before)) = self.before.replace((now, totals)) {
            let passed = now.duration_since(taken);
            into.set(self.some, share(before.some, totals.some, passed));
            if let Some(full) = self.full {
                into.set(full, share(before.full, totals.full, passed));
            }
        }
    }
}

/// The share of the time that was lost, percent; none where the counter is missing or went back.
fn share(before: Option<u64>, now: Option<u64>, passed: Duration) -> Option<f64> {
    let lost = now?.checked_sub(before?)?;
    Percent::of(lost as f64, passed.as_micros() as f64).map(Percent::get)
}

fn parse(text: &str) -> StallTotals {
    let total = |kind: &str| {
        let mut words = text.lines().find_map(|line| line.strip_prefix(kind))?.split_ascii_whitespace();
        words.find_map(|word| word.strip_prefix("total="))?.parse().ok()
    };
    StallTotals { some: total("some "), full: total("full ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collectors::Detail;

    /// Of Linux 6.18.
    const RECORDED: &str = "\
some avg10=1.41 avg60=4.16 avg300=4.65 total=344244827
full avg10=1.41 avg60=4.07 avg300=3.77 total=115019584
";

    #[test]
    fn a_recorded_file_is_read() {
        assert_eq!(parse(RECORDED), StallTotals { some: Some(344_244_827), full: Some(115_019_584) });
        let older = "some avg10=0.61 avg60=0.73 avg300=17.95 total=14460003916\n";
        assert_eq!(parse(older), StallTotals { some: Some(14_460_003_916), full: None });
    }

    #[test]
    fn what_is_no_pressure_file_says_nothing() {
        for text in [
            "",
            "some",
            "some total=",
            "some total=-1",
            "some total=99999999999999999999999",
            "somewhat total=5",
            "full avg10=nan\0",
        ] {
            assert_eq!(parse(text), StallTotals::default(), "{text:?}");
        }
    }

    #[test]
    fn a_share_is_that_of_the_time_that_really_passed() {
        let seconds = Duration::from_secs;
        assert_eq!(share(Some(1_000_000), Some(1_500_000), seconds(2)), Some(25.0));
        assert_eq!(share(Some(1_000_000), Some(1_500_000), seconds(20)), Some(2.5));
        assert_eq!(share(Some(0), Some(u64::MAX), seconds(1)), Some(100.0), "never more than all the time");
        assert_eq!(share(Some(5), Some(4), seconds(1)), None, "the counter began anew");
        assert_eq!(share(None, Some(4), seconds(1)), None);
        assert_eq!(share(Some(4), Some(5), Duration::ZERO), None);
    }

    #[test]
    fn a_counter_that_went_back_leaves_one_value_out_and_the_next_is_there_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("memory");
        let mut file = StallFile::new(path.to_str().expect("text"), &MEMORY_SOME, Some(&MEMORY_FULL));
        let mut values = |some: u64, full: u64| {
            let text = format!("some avg10=0.00 total={some}\nfull avg10=0.00 total={full}\n");
            std::fs::write(&path, text).expect("written");
            let mut readings = Readings::new(1, Detail::Trends);
            file.collect(&mut readings);
            let sample = readings.into_sample();
            (sample.value(MEMORY_SOME.id).is_some(), sample.value(MEMORY_FULL.id).is_some())
        };
        assert_eq!(values(5000, 3000), (false, false));
        assert_eq!(values(5001, 3001), (true, true));
        assert_eq!(values(7, 3), (false, false), "both began anew");
        assert_eq!(values(8, 4), (true, true));
        assert_eq!(values(2, 5), (false, true), "one alone went back");
        assert_eq!(values(2, 5), (true, true));
    }

    #[test]
    fn a_file_that_goes_and_comes_back_begins_anew_and_a_missing_one_is_no_zero() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("memory");
        let mut file = StallFile::new(path.to_str().expect("text"), &MEMORY_SOME, Some(&MEMORY_FULL));
        let mut values = |text: Option<&str>| {
            match text {
                Some(text) => std::fs::write(&path, text).expect("written"),
                None => std::fs::remove_file(&path).unwrap_or_default(),
            }
            let mut readings = Readings::new(1, Detail::Trends);
            file.collect(&mut readings);
            readings.into_sample().values.len()
        };
        assert_eq!(values(None), 0);
        assert_eq!(values(Some(RECORDED)), 0, "one reading is no share");
        assert_eq!(values(Some(RECORDED)), 2);
        assert_eq!(values(Some("some avg10=0.00 total=344244999\n")), 1);
        assert_eq!(values(None), 0);
        assert_eq!(values(Some(RECORDED)), 0);
        assert_eq!(values(Some("no pressure")), 0);
    }
}
