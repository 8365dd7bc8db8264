//! Temperatures where there is no `/sys`: `sysinfo`'s view.

use std::{ffi::OsStr, path::Path, sync::Arc};

use broker::Clock;
use sysinfo::Components;

use super::report::SensorReport;
use crate::{
    collectors::{
        hwmon::InputReading,
        names::{NameCandidate, distinct},
    },
    prober::Prober,
};

pub(crate) struct SensorProbe(Option<Components>);

impl SensorProbe {
    pub(crate) fn new(_: Arc<dyn Clock>) -> Self {
        Self(Components::new().ok())
    }

    /// No file is asked here.
    pub(crate) fn asks(&self, _: &Path) -> bool {
        false
    }

    /// Asks them all. Whether one answers is not known here.
    pub(crate) fn round(&mut self, _: &mut Prober, moves: &dyn Fn()) -> SensorReport {
        let Some(components) = &mut self.0 else { return SensorReport::default() };
        components.refresh(true);
        moves();
        let mut said: Vec<(&str, f64)> = components
            .iter()
            .filter_map(|sensor| Some((sensor.label(), f64::from(sensor.temperature()?))))
            .collect();
        said.sort_unstable_by_key(|(label, _)| *label);
        let places: Vec<String> = (0..said.len()).map(|place| place.to_string()).collect();
        let things: Vec<NameCandidate<'_>> = said
            .iter()
            .zip(&places)
            .map(|((label, _), identity)| NameCandidate { label: OsStr::new(*label), identity })
            .collect();
        // There is no other identity than the name.
        let reading = |(name, (_, celsius)): (String, (&str, f64))| InputReading {
            id: name.clone(),
            name,
            answer: Ok(celsius),
        };
        SensorReport(distinct(&things).into_iter().zip(said.clone()).map(reading).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use broker::SystemClock;

    use super::*;

    #[test]
    fn every_sensor_has_a_name() {
        let mut probe = SensorProbe::new(Arc::new(SystemClock));
        let report = probe.round(&mut Prober::new(None, Duration::from_secs(1)), &|| ());
        assert!(report.0.iter().all(|one| !one.name.is_empty()));
        assert!(!probe.asks("/".as_ref()));
    }
}
