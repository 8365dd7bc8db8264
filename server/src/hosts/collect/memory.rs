//! Memory and swap.

use common::{
    Percent,
    series::{Series, SeriesKind::Gauge, Unit, id},
};
use sysinfo::{MemoryRefreshKind, System};

use super::{BackgroundReports, Collector, Readings};

/// From `/proc/meminfo` (proc_meminfo(5)) on Linux. In use is what could not be had at once: total less
/// available, so that caches do not count. A machine without swap has no swap series.
pub(super) struct Memory(System);

impl Collector for Memory {
    const SERIES: &'static [Series] = &[
        Series::new(id::MEMORY_PERCENT, Unit::Percent, Gauge, "Memory in use"),
        Series::new(id::MEMORY_USED, Unit::Bytes, Gauge, "Memory in use"),
        Series::new(id::MEMORY_TOTAL, Unit::Bytes, Gauge, "Memory"),
        Series::new(id::SWAP_USED, Unit::Bytes, Gauge, "Swap in use"),
        Series::new(id::SWAP_TOTAL, Unit::Bytes, Gauge, "Swap"),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        System::new().map(Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        let wanted = MemoryRefreshKind::nothing().with_ram();
        self.0.refresh_memory_specifics(if into.in_full() { wanted.with_swap() } else { wanted });
        let total = self.0.total_memory();
        // In containers some systems make up the two figures apart from each other.
        let used = total.saturating_sub(self.0.available_memory());
        into.set(id::MEMORY_PERCENT, Percent::of(used as f64, total as f64).map(Percent::get));
        if into.in_full() {
            set_pair(into, (id::MEMORY_USED, used), (id::MEMORY_TOTAL, total));
            let (total, free) = (self.0.total_swap(), self.0.free_swap());
            set_pair(into, (id::SWAP_USED, total.saturating_sub(free)), (id::SWAP_TOTAL, total));
        }
    }
}

fn set_pair(into: &mut Readings, used: (&'static str, u64), total: (&'static str, u64)) {
    if total.1 > 0 {
        into.set(used.0, used.1 as f64);
        into.set(total.0, total.1 as f64);
    }
}
