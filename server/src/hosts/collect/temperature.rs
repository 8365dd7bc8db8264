//! Temperatures, where there are sensors.

use std::ffi::OsStr;

use common::series::{Series, SeriesKind::Gauge, Unit, id};
use sysinfo::Components;

use super::{Collector, Readings, readings::MOST_NAMED};

/// Each sensor by its label: on Linux `hwmon`, and `thermal_zone` where there is none. Virtual machines
/// mostly have no sensor.
pub(super) struct Temperature(Components);

impl Collector for Temperature {
    const SERIES: &'static [Series] =
        &[Series::new(id::TEMPERATURE, Unit::Celsius, Gauge, "Temperature").for_each_instance()];

    fn new() -> Result<Self, sysinfo::Error> {
        Components::new().map(Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        self.0.refresh(true);
        let mut sensors: Vec<_> =
            self.0.iter().filter_map(|sensor| Some((sensor.label(), sensor.temperature()?))).collect();
        sensors.sort_unstable_by_key(|(label, _)| *label);
        for (label, celsius) in sensors.into_iter().take(MOST_NAMED) {
            into.set_named(id::TEMPERATURE, OsStr::new(label), Some(f64::from(celsius)));
        }
    }
}
