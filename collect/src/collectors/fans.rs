//! Measures how fast fans turn.

mod probe;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

pub(crate) use self::probe::{FanProbe, FanReport};
use super::{BackgroundReports, Collector, Readings, background::LatestReport, hwmon::fill_inputs};

/// Turns a minute.
const SPEED: Metric =
    Metric::gauge("fan.speed", Unit::Count, LocalizedText::new("Fan speed, rpm", "팬 속도(RPM)"))
        .by(&[Label { id: "fan", name: LocalizedText::new("Fan", "팬") }]);

/// Each fan by the place of its device, as the temperatures beside it: `fanN_input` of `/sys/class/hwmon`
/// (Documentation/hwmon/sysfs-interface.rst).
///
/// A board has inputs for fans that are not there, which show 0 for ever: one is told from when it first turned. One that then stands still
/// is a true 0. [`FanProbe`] asks in a part of its own.
pub(super) struct Fans(LatestReport<FanReport>);

impl Collector for Fans {
    const METRICS: &'static [Metric] = &[SPEED];
    const PANELS: &'static [Panel] = &[Panel::new(
        PanelView::Values,
        "fans",
        81,
        LocalizedText::new("Fans (rpm)", "팬(RPM)"),
        &[PanelLine::of(&SPEED, 0)],
    )];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.fans.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        fill_inputs(&SPEED, &report.0, silent, into);
    }
}
