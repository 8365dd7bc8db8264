//! Measures the health of disks.

mod answer;
mod probe;
mod reading;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

pub(crate) use self::probe::{SmartProbe, SmartReport};
use self::reading::SmartReading;
use super::{
    BackgroundReports, Collector, Readings, background::LatestReport, label_value::label_value,
    readings::MOST_NAMED,
};

/// Disks that say that they will fail, or said so before they fell silent. One is worth a look now.
const FAILING: Metric =
    Metric::gauge("smart.failing", Unit::Count, LocalizedText::new("Failing disks", "고장이 예측된 디스크"))
        .judged(1.0, 1.0);
/// 1 for a disk that says that it is well, 0 for one that says that it will fail.
const HEALTHY: Metric = of_disk("smart.healthy", Unit::Count, LocalizedText::new("Passed", "정상"));
/// Used share of the life that the maker promises, percent; 100 from its end on.
const WEAR: Metric = of_disk("smart.wear", Unit::Percent, LocalizedText::new("Wear", "마모도"));
const TEMPERATURE: Metric =
    of_disk("smart.temperature", Unit::Celsius, LocalizedText::new("Disk temperature", "디스크 온도"));

const fn of_disk(id: &'static str, unit: Unit, name: LocalizedText) -> Metric {
    const BY_DEVICE: &[Label] = &[Label { id: "device", name: LocalizedText::new("Device", "장치") }];
    Metric::gauge(id, unit, name).by(BY_DEVICE)
}

/// SMART of each physical disk by its device's name, as smartctl(8) reads it.
///
/// [`SmartProbe`] asks every ten minutes, in a part of its own, where smartmontools is installed and this process may open the disk.
/// Disks behind a RAID controller, which has to be named, are not asked.
pub(super) struct Smart(LatestReport<SmartReport>);

impl Collector for Smart {
    const METRICS: &'static [Metric] = &[FAILING, HEALTHY, WEAR, TEMPERATURE];
    const PANELS: &'static [Panel] = &[
        Panel {
            hint: LocalizedText::new(
                "Disks whose own check (SMART) predicts that they fail",
                "자체 검사(SMART)에서 고장이 예측된 디스크",
            ),
            ..Panel::new(PanelView::Fact, "failing-disks", 41, FAILING.name, &[PanelLine::of(&FAILING, 0)])
        },
        Panel::new(
            PanelView::Values,
            "disk-health",
            94,
            LocalizedText::new("Disk health (1 passed, 0 failing)", "디스크 건강 상태(1 정상, 0 고장 예측)"),
            &[PanelLine::of(&HEALTHY, 2)],
        ),
        Panel::new(
            PanelView::Values,
            "disk-wear",
            96,
            LocalizedText::new("Disk wear", "디스크 마모도"),
            &[PanelLine::of(&WEAR, 2)],
        ),
        Panel::new(
            PanelView::Values,
            "disk-temperatures",
            98,
            LocalizedText::new("Disk temperatures", "디스크 온도"),
            &[PanelLine::of(&TEMPERATURE, 2)],
        ),
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.smart.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        let mut failing: Option<u32> = None;
        into.left_out(&HEALTHY, report.0.len().saturating_sub(MOST_NAMED));
        for (place, SmartReading { device, answer, silent: disk_silent, .. }) in report.0.iter().enumerate() {
            let passed = answer.passed;
            let since = disk_silent.or(silent);
            // A disk that predicted its failure and fell silent has hardly recovered. One that passed may be anything by now.
            if let Some(passed) = passed.filter(|passed| since.is_none() || !passed) {
                failing = Some(failing.unwrap_or(0) + u32::from(!passed));
            }
            if place >= MOST_NAMED {
                continue;
            }
            let device = label_value(device.as_ref());
            match since {
                Some(since) => into.no_answer(&HEALTHY, Some(&device), since),
                None => {
                    into.set_labelled(&HEALTHY, &device, passed.map(|passed| f64::from(u8::from(passed))));
                }
            }
            if silent.is_none() {
                into.set_labelled(&WEAR, &device, answer.wear);
                into.set_labelled(&TEMPERATURE, &device, answer.celsius);
            }
        }
        into.set(&FAILING, failing.map(f64::from));
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use broker::{Clock, SystemClock};

    use super::{answer::SmartAnswer, *};
    use crate::collectors::Detail;

    fn sample(disks: Vec<SmartReading>) -> common::Sample {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let apart = BackgroundReports::new(Duration::from_secs(2), &clock);
        apart.smart.put(SmartReport(disks));
        let mut readings = Readings::new(1, Detail::Full);
        Smart::new(&apart).expect("a collector").collect(&mut readings);
        readings.into_sample()
    }

    fn disk(device: &str, passed: Option<bool>) -> SmartReading {
        let answer = SmartAnswer { passed, wear: Some(3.0), celsius: None, asleep: false };
        SmartReading::heard(device.to_owned(), answer)
    }

    fn silent(device: &str, passed: Option<bool>) -> SmartReading {
        SmartReading::hanging(device.to_owned(), Some(disk(device, passed)), 7)
    }

    #[test]
    fn failing_disks_are_counted_and_each_is_told_by_its_device() {
        let told = sample(vec![disk("sda", Some(true)), disk("sdb", Some(false)), silent("sdc", None)]);
        assert_eq!(told.value("smart.failing"), Some(1.0));
        let healthy: Vec<_> = told.values.instances("smart.healthy").collect();
        assert_eq!(healthy, [("sda".to_owned(), 1.0), ("sdb".to_owned(), 0.0)]);
        assert_eq!(told.values.instances("smart.temperature").count(), 0);
        assert_eq!(told.no_answer.get_labelled("smart.healthy", "sdc"), Some(7.0));
    }

    #[test]
    fn a_failing_disk_that_falls_silent_is_still_counted_and_a_healthy_one_is_not() {
        let told = sample(vec![silent("sda", Some(false)), disk("sdb", Some(true))]);
        assert_eq!(told.value("smart.failing"), Some(1.0));
        assert_eq!(told.values.get_labelled("smart.healthy", "sda"), None);
        assert_eq!(told.no_answer.get_labelled("smart.healthy", "sda"), Some(7.0));
        let told = sample(vec![silent("sda", Some(true))]);
        assert_eq!(told.value("smart.failing"), None, "no one says that all is well");
        assert_eq!(told.no_answer.get_labelled("smart.healthy", "sda"), Some(7.0));
    }

    #[test]
    fn disks_that_do_not_say_are_no_zero_and_many_are_all_counted() {
        assert_eq!(sample(vec![disk("sda", None)]).value("smart.failing"), None);
        assert_eq!(sample(Vec::new()).values.len(), 0);
        let many = (0..70).map(|n| disk(&format!("sd{n:02}"), Some(false))).collect();
        let told = sample(many);
        assert_eq!(told.value("smart.failing"), Some(70.0));
        assert_eq!(told.values.instances("smart.healthy").count(), MOST_NAMED);
        assert_eq!(told.left_out.get("smart.healthy"), Some(6.0));
    }
}
