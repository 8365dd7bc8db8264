//! Load averages.

use common::series::{Series, SeriesKind::Gauge, Unit, id};
use sysinfo::System;

use super::{BackgroundReports, Collector, Readings};

/// The average number of programs that run or wait to run (proc_loadavg(5)). On Windows, which has no such figure,
/// what `sysinfo` works out from the processor queue.
pub(super) struct Load;

impl Collector for Load {
    const SERIES: &'static [Series] = &[
        Series::new(id::LOAD_1, Unit::Count, Gauge, "Load, 1 minute"),
        Series::new(id::LOAD_5, Unit::Count, Gauge, "Load, 5 minutes"),
        Series::new(id::LOAD_15, Unit::Count, Gauge, "Load, 15 minutes"),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        System::load_average().map(|_| Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        if let Ok(load) = System::load_average() {
            into.set(id::LOAD_1, load.one);
            into.set(id::LOAD_5, load.five);
            into.set(id::LOAD_15, load.fifteen);
        }
    }
}
