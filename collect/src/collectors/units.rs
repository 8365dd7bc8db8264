//! Counts the systemd units that have failed.

mod probe;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

pub(crate) use self::probe::{UnitProbe, UnitReport};
use super::{
    BackgroundReports, Collector, Readings, background::LatestReport, label_value::label_value,
    readings::MOST_NAMED,
};

/// Units in the state `failed`. One is worth a look today.
const FAILED: Metric =
    Metric::gauge("systemd.failed", Unit::Count, LocalizedText::new("Failed units", "실패한 유닛"))
        .judged(1.0, 5.0);
/// 1 for a unit that has failed; absent for all others.
const FAILED_UNIT: Metric =
    Metric::gauge("systemd.failed_unit", Unit::Count, LocalizedText::new("Failed unit", "실패한 유닛"))
        .by(&[Label { id: "unit", name: LocalizedText::new("Unit", "유닛") }]);

/// Failed units of systemd, their number and each by its full name, which no other has.
///
/// `systemctl` is asked by [`UnitProbe`], in a part of its own: systemd may be busy or stuck. Where it does not run, nothing is told.
pub(super) struct FailedUnits(LatestReport<UnitReport>);

impl Collector for FailedUnits {
    const METRICS: &'static [Metric] = &[FAILED, FAILED_UNIT];
    const PANELS: &'static [Panel] = &[
        Panel {
            hint: LocalizedText::new("systemd units that have failed", "실패 상태인 systemd 유닛"),
            ..Panel::new(
                PanelView::Fact,
                "failed-units",
                39,
                LocalizedText::new("Failed units", "실패한 유닛"),
                &[PanelLine::of(&FAILED, 0)],
            )
        },
        Panel::new(
            PanelView::Values,
            "failed-unit-names",
            75,
            LocalizedText::new("Failed systemd units", "실패한 systemd 유닛"),
            &[PanelLine::of(&FAILED_UNIT, 0)],
        ),
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.units.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        match (&*report, silent) {
            (UnitReport::NoSystemd, _) => {}
            (UnitReport::Failed(units), None) => {
                into.set(&FAILED, units.len() as f64);
                into.left_out(&FAILED_UNIT, units.len().saturating_sub(MOST_NAMED));
                for unit in units.iter().take(MOST_NAMED) {
                    into.set_labelled(&FAILED_UNIT, &label_value(unit.as_ref()), 1.0);
                }
            }
            (UnitReport::Failed(_), Some(since)) => into.no_answer(&FAILED, None, since),
            (UnitReport::NoAnswer(since), _) => into.no_answer(&FAILED, None, *since),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use broker::{Clock, SystemClock};

    use super::*;
    use crate::collectors::Detail;

    fn sample(report: UnitReport, detail: Detail) -> common::Sample {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let apart = BackgroundReports::new(Duration::from_secs(2), &clock);
        apart.units.put(report);
        let mut readings = Readings::new(1, detail);
        FailedUnits::new(&apart).expect("a collector").collect(&mut readings);
        readings.into_sample()
    }

    #[test]
    fn failed_units_are_counted_and_named_up_to_a_bound() {
        let units: Vec<String> = (0..70).map(|n| format!("job-{n:02}.service")).collect();
        let told = sample(UnitReport::Failed(units.clone()), Detail::Full);
        assert_eq!(told.value("systemd.failed"), Some(70.0));
        assert_eq!(told.values.instances("systemd.failed_unit").count(), MOST_NAMED);
        assert_eq!(told.left_out.get("systemd.failed_unit"), Some(6.0));
        assert!(sample(UnitReport::Failed(units), Detail::Trends).values.is_empty());
    }

    #[test]
    fn none_failed_is_a_true_zero_and_no_systemd_is_none() {
        assert_eq!(sample(UnitReport::Failed(Vec::new()), Detail::Full).value("systemd.failed"), Some(0.0));
        let told = sample(UnitReport::NoSystemd, Detail::Full);
        assert!(told.values.is_empty() && told.no_answer.is_empty());
        let told = sample(UnitReport::NoAnswer(7), Detail::Full);
        assert_eq!((told.value("systemd.failed"), told.no_answer.get("systemd.failed")), (None, Some(7.0)));
    }
}
