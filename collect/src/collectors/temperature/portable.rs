//! Temperatures where there is no `/sys`: `sysinfo`'s view.

use std::{ffi::OsStr, sync::Arc};

use broker::Clock;
use sysinfo::Components;

use super::report::{SensorReading, SensorReport};
use crate::{
    collectors::names::{NameCandidate, distinct},
    prober::Prober,
};

pub(crate) struct SensorProbe(Option<Components>);

impl SensorProbe {
    pub(crate) fn new(_: Prober, _: Arc<dyn Clock>) -> Self {
        Self(Components::new().ok())
    }

    /// There is nothing to end here.
    pub(crate) fn rest(&mut self) {}

    /// Asks them all. Whether one answers is not known here.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> SensorReport {
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
        let reading = |(name, (_, celsius)): (String, (&str, f64))| SensorReading {
            id: name.clone(),
            name,
            said: Ok(celsius),
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
        let mut probe = SensorProbe::new(Prober::new(None, Duration::from_secs(1)), Arc::new(SystemClock));
        let report = probe.round(&|| ());
        probe.rest();
        assert!(report.0.iter().all(|one| !one.name.is_empty()));
    }
}
