//! Temperatures, where there are sensors.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod report;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

#[cfg(target_os = "linux")]
pub(crate) use self::linux::SensorProbe;
#[cfg(not(target_os = "linux"))]
pub(crate) use self::portable::SensorProbe;
pub(crate) use self::report::SensorReport;
use super::{BackgroundReports, Collector, Readings, background::LatestReport, hwmon::fill_inputs};

const TEMPERATURE: Metric =
    Metric::gauge("temperature", Unit::Celsius, LocalizedText::new("Temperature", "온도"))
        .by(&[Label { id: "sensor", name: LocalizedText::new("Sensor", "센서") }]);

/// Each sensor by the place of its device: two drives of one model are named alike. Virtual machines mostly have no sensor.
///
/// A sensor behind a bus that is stuck may never answer, so [`SensorProbe`] asks in a part of its own; here its last report is read.
pub(super) struct Temperature(LatestReport<SensorReport>);

impl Collector for Temperature {
    const METRICS: &'static [Metric] = &[TEMPERATURE];
    const PANELS: &'static [Panel] = &[Panel::new(
        PanelView::Values,
        "temperatures",
        80,
        LocalizedText::new("Temperatures", "온도"),
        &[PanelLine::of(&TEMPERATURE, 0)],
    )];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.sensors.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        fill_inputs(&TEMPERATURE, &report.0, silent, into);
    }
}
