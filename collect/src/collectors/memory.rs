//! Memory and swap.

use common::{
    Percent,
    metric::{LocalizedText, Metric, Unit},
    panel::{Axis, Panel, PanelLine, PanelView, Tier},
};
use sysinfo::{MemoryRefreshKind, System};

use super::{BackgroundReports, Collector, Readings};

pub(crate) const PERCENT: Metric = Metric::gauge("memory.percent", Unit::Percent, IN_USE).judged(80.0, 90.0);
const USED: Metric = Metric::gauge("memory.used", Unit::Bytes, IN_USE);
const TOTAL: Metric = Metric::gauge("memory.total", Unit::Bytes, LocalizedText::new("Memory", "메모리"));
const SWAP_USED: Metric =
    Metric::gauge("swap.used", Unit::Bytes, LocalizedText::new("Swap in use", "사용 중인 스왑"));
const SWAP_TOTAL: Metric = Metric::gauge("swap.total", Unit::Bytes, LocalizedText::new("Swap", "스왑"));
const IN_USE: LocalizedText = LocalizedText::new("Memory in use", "사용 중인 메모리");

/// From `/proc/meminfo` (proc_meminfo(5)) on Linux. In use is what could not be had at once: total less
/// available, so that caches do not count. A machine without swap has no swap series.
pub(super) struct Memory(System);

impl Collector for Memory {
    const METRICS: &'static [Metric] = &[PERCENT, USED, TOTAL, SWAP_USED, SWAP_TOTAL];
    const PANELS: &'static [Panel] = &[
        Panel {
            tier: Tier::Fast,
            axis: Axis::To(100.0),
            tile: true,
            ..Panel::trend("memory", 20, TOTAL.name, &[PanelLine::of(&PERCENT, 1)])
        },
        Panel {
            judged_by: Some(&PERCENT),
            empty: LocalizedText::new("This host has no swap.", "이 호스트에는 스왑이 없습니다."),
            ..Panel::new(
                PanelView::Shares,
                "memory-swap",
                70,
                LocalizedText::new("Memory and swap", "메모리와 스왑"),
                &[
                    PanelLine::of(&USED, 1),
                    PanelLine::of(&TOTAL, 1),
                    PanelLine::of(&SWAP_USED, 1),
                    PanelLine::of(&SWAP_TOTAL, 1),
                ],
            )
        },
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
        into.set(&PERCENT, Percent::of(used as f64, total as f64).map(Percent::get));
        if into.in_full() {
            set_pair(into, (&USED, used), (&TOTAL, total));
            let (total, free) = (self.0.total_swap(), self.0.free_swap());
            set_pair(into, (&SWAP_USED, total.saturating_sub(free)), (&SWAP_TOTAL, total));
        }
    }
}

fn set_pair(into: &mut Readings, used: (&Metric, u64), total: (&Metric, u64)) {
    if total.1 > 0 {
        into.set(used.0, used.1 as f64);
        into.set(total.0, total.1 as f64);
    }
}
