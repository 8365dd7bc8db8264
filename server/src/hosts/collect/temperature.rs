//! Temperatures, where there are sensors.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod report;

use common::series::{Series, SeriesKind::Gauge, Unit, id};

#[cfg(target_os = "linux")]
pub(in crate::hosts) use self::linux::SensorProbe;
#[cfg(not(target_os = "linux"))]
pub(in crate::hosts) use self::portable::SensorProbe;
pub(in crate::hosts) use self::report::SensorReport;
use super::{BackgroundReports, Collector, Readings, background::LatestReport, readings::MOST_NAMED};

/// Each sensor by its label. Virtual machines mostly have no sensor.
///
/// A sensor behind a bus that is stuck may never answer, so [`SensorProbe`] asks in a part of its own; here its last report is read.
pub(super) struct Temperature(LatestReport<SensorReport>);

impl Collector for Temperature {
    const SERIES: &'static [Series] =
        &[Series::new(id::TEMPERATURE, Unit::Celsius, Gauge, "Temperature").for_each_instance()];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.sensors.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        into.left_out(id::TEMPERATURE, report.0.len().saturating_sub(MOST_NAMED));
        for (name, said) in report.0.iter().take(MOST_NAMED) {
            match (said, silent) {
                (Ok(celsius), None) => into.set_instance(id::TEMPERATURE, name, *celsius),
                (Ok(_), Some(since)) => into.no_answer(id::TEMPERATURE, Some(name), since),
                (Err(since), _) => into.no_answer(id::TEMPERATURE, Some(name), *since),
            }
        }
    }
}
