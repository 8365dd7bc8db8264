//! Measures the time since the machine started.

use common::series::{Series, SeriesKind::Gauge, Unit, id};
use sysinfo::System;

use super::{BackgroundReports, Collector, Readings};

/// Whole seconds since the machine started (proc_uptime(5)).
pub(super) struct Uptime;

impl Collector for Uptime {
    const SERIES: &'static [Series] = &[Series::new(id::UPTIME, Unit::Seconds, Gauge, "Uptime")];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        System::uptime().map(|_| Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        into.set(id::UPTIME, System::uptime().ok().map(|seconds| seconds as f64));
    }
}
