//! Measures the use of the cores.

#[cfg(any(not(target_os = "linux"), test))]
mod portable;
#[cfg(target_os = "linux")]
mod proc_stat;
mod usage;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Axis, Panel, PanelLine, PanelView, Tier},
};

#[cfg(not(target_os = "linux"))]
use self::portable::CpuSource;
#[cfg(target_os = "linux")]
use self::proc_stat::CpuSource;
use self::usage::Modes;
use super::{BackgroundReports, Collector, Readings};

/// Busy share of all cores.
pub(crate) const TOTAL: Metric =
    Metric::gauge("cpu.total", Unit::Percent, LocalizedText::new("CPU", "CPU")).judged(80.0, 90.0);
/// Busy share of one core.
const CORE: Metric = of_core("cpu.core", LocalizedText::new("Busy", "사용 중"));
/// Share of one core spent in programs.
const USER: Metric = of_core("cpu.user", LocalizedText::new("User", "사용자"));
/// Share of one core spent in the kernel, interrupts included.
const SYSTEM: Metric = of_core("cpu.system", LocalizedText::new("System", "시스템"));
/// Share of one core lost waiting for disks or taken by the hypervisor.
const WAIT: Metric = of_core("cpu.wait", LocalizedText::new("Wait", "대기"));

const fn of_core(id: &'static str, name: LocalizedText) -> Metric {
    const BY_CORE: &[Label] = &[Label { id: "core", name: LocalizedText::new("Core", "코어") }];
    Metric::gauge(id, Unit::Percent, name).by(BY_CORE)
}

/// All cores together and each by its number, since the reading before.
///
/// Busy is all but idle and waiting for disks: time that the hypervisor took for others counts, as it cannot
/// be had.
pub(super) struct Cpu(CpuSource);

impl Collector for Cpu {
    const METRICS: &'static [Metric] = &[TOTAL, CORE, USER, SYSTEM, WAIT];
    const PANELS: &'static [Panel] = &[
        Panel {
            tier: Tier::Fast,
            axis: Axis::To(100.0),
            tile: true,
            ..Panel::trend("cpu", 10, TOTAL.name, &[PanelLine::of(&TOTAL, 0)])
        },
        Panel::new(
            PanelView::Stacked,
            "cores",
            60,
            LocalizedText::new("CPU cores", "CPU 코어"),
            &[
                PanelLine::of(&USER, 0),
                PanelLine::of(&SYSTEM, 3),
                PanelLine::of(&WAIT, 5),
                PanelLine::of(&CORE, 0),
            ],
        ),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        CpuSource::new().map(Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        let usage = self.0.read(into.in_full());
        into.set(&TOTAL, usage.total);
        let cores = || usage.cores.iter();
        let modes = |share: fn(&Modes) -> f64| {
            cores().filter_map(move |(core, shares)| Some((*core, share(shares.modes.as_ref()?))))
        };
        into.set_cores(&CORE, cores().map(|(core, shares)| (*core, shares.busy)));
        into.set_cores(&USER, modes(|modes| modes.user));
        into.set_cores(&SYSTEM, modes(|modes| modes.system));
        into.set_cores(&WAIT, modes(|modes| modes.wait));
    }
}
