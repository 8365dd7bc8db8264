//! Measures the use of the cores.

#[cfg(any(not(target_os = "linux"), test))]
mod portable;
#[cfg(target_os = "linux")]
mod proc_stat;
mod usage;

use common::series::{Series, SeriesKind::Gauge, Unit, id};

#[cfg(not(target_os = "linux"))]
use self::portable::CpuSource;
#[cfg(target_os = "linux")]
use self::proc_stat::CpuSource;
use self::usage::Modes;
use super::{BackgroundReports, Collector, Readings};

/// All cores together and each by its number, since the reading before.
///
/// Busy is all but idle and waiting for disks: time that the hypervisor took for others counts, as it cannot
/// be had.
pub(super) struct Cpu(CpuSource);

impl Collector for Cpu {
    const SERIES: &'static [Series] = &[
        Series::new(id::CPU_TOTAL, Unit::Percent, Gauge, "CPU"),
        Series::new(id::CPU_CORE, Unit::Percent, Gauge, "Core").for_each_instance(),
        Series::new(id::CPU_USER, Unit::Percent, Gauge, "User").for_each_instance(),
        Series::new(id::CPU_SYSTEM, Unit::Percent, Gauge, "System").for_each_instance(),
        Series::new(id::CPU_WAIT, Unit::Percent, Gauge, "Wait").for_each_instance(),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        CpuSource::new().map(Self)
    }

    fn collect(&mut self, into: &mut Readings) {
        let usage = self.0.read(into.in_full());
        into.set(id::CPU_TOTAL, usage.total);
        let cores = || usage.cores.iter();
        let modes = |share: fn(&Modes) -> f64| {
            cores().filter_map(move |(core, shares)| Some((*core, share(shares.modes.as_ref()?))))
        };
        into.set_cores(id::CPU_CORE, cores().map(|(core, shares)| (*core, shares.busy)));
        into.set_cores(id::CPU_USER, modes(|modes| modes.user));
        into.set_cores(id::CPU_SYSTEM, modes(|modes| modes.system));
        into.set_cores(id::CPU_WAIT, modes(|modes| modes.wait));
    }
}
