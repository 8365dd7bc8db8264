//! Measures the time since the machine started.

use common::{
    metric::{LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};
use sysinfo::System;

use super::{BackgroundReports, Collector, Readings};

const UPTIME: Metric = Metric::gauge("uptime", Unit::Seconds, LocalizedText::new("Uptime", "가동 시간"));

/// Whole seconds since the machine started (proc_uptime(5)).
pub(super) struct Uptime;

impl Collector for Uptime {
    const METRICS: &'static [Metric] = &[UPTIME];
    const PANELS: &'static [Panel] =
        &[Panel::new(PanelView::Fact, "uptime", 5, UPTIME.name, &[PanelLine::of(&UPTIME, 0)])];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        System::uptime().map(|_| Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        into.set(&UPTIME, System::uptime().ok().map(|seconds| seconds as f64));
    }
}
