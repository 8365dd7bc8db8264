//! Load averages.

use common::{
    metric::{LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};
use sysinfo::System;

use super::{BackgroundReports, Collector, Readings};

/// From one a core on, programs wait for a core.
const LOAD_1: Metric =
    Metric::gauge("load.1", Unit::Count, LocalizedText::new("Load, 1 minute", "부하, 1분"))
        .judged_per_core(1.0, 2.0);
const LOAD_5: Metric =
    Metric::gauge("load.5", Unit::Count, LocalizedText::new("Load, 5 minutes", "부하, 5분"));
const LOAD_15: Metric =
    Metric::gauge("load.15", Unit::Count, LocalizedText::new("Load, 15 minutes", "부하, 15분"));

/// The average number of programs that run or wait to run (proc_loadavg(5)). On Windows, which has no such figure,
/// what `sysinfo` works out from the processor queue.
pub(super) struct Load;

impl Collector for Load {
    const METRICS: &'static [Metric] = &[LOAD_1, LOAD_5, LOAD_15];
    const PANELS: &'static [Panel] = &[Panel {
        hint: LocalizedText::new("Load average over 1, 5 and 15 minutes", "1분, 5분, 15분 평균 부하"),
        ..Panel::new(
            PanelView::Fact,
            "load",
            35,
            LocalizedText::new("Load", "부하"),
            &[PanelLine::of(&LOAD_1, 0), PanelLine::of(&LOAD_5, 0), PanelLine::of(&LOAD_15, 0)],
        )
    }];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        System::load_average().map(|_| Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        if let Ok(load) = System::load_average() {
            into.set(&LOAD_1, load.one);
            into.set(&LOAD_5, load.five);
            into.set(&LOAD_15, load.fifteen);
        }
    }
}
