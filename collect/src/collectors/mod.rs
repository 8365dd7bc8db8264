//! The collectors: one file for each kind of measurement, each with the metrics that it fills and the panels that show them.
//!
//! To add a kind: write its file, name it below and enter it in [`REGISTRY`].

mod background;
mod cgroup;
mod cpu;
mod disk_io;
mod disk_space;
mod fans;
mod files;
mod flows;
mod gpu;
mod hwmon;
mod label_value;
mod load;
mod memory;
#[cfg(target_os = "linux")]
mod mountinfo;
#[cfg(target_os = "linux")]
mod mounts;
mod names;
mod network;
mod pressure;
mod processes;
mod rates;
mod readings;
mod shown;
mod small_file;
mod smart;
mod sockets;
mod temperature;
mod units;
mod uptime;
mod users;

use common::{
    Sample,
    metric::Metric,
    panel::{Panel, Tier},
};

pub(crate) use background::BackgroundReports;
pub(crate) use disk_space::{SpaceProbe, SpaceReport};
pub(crate) use fans::{FanProbe, FanReport};
pub(crate) use gpu::{GpuProbe, GpuReport};
pub(crate) use processes::ProcessTable;
pub(crate) use readings::{Detail, Readings};
pub(crate) use shown::shown;
pub(crate) use smart::{SmartProbe, SmartReport};
pub(crate) use sockets::{SocketProbe, SocketReport};
pub(crate) use temperature::{SensorProbe, SensorReport};
pub(crate) use units::{UnitProbe, UnitReport};

static REGISTRY: &[Registered] = &[
    Registered::new::<cpu::Cpu>(Tier::Fast),
    Registered::new::<memory::Memory>(Tier::Fast),
    Registered::new::<disk_space::DiskSpace>(Tier::Fast),
    Registered::new::<disk_io::DiskIo>(Tier::Slow),
    Registered::new::<network::Network>(Tier::Slow),
    Registered::new::<load::Load>(Tier::Slow),
    Registered::new::<uptime::Uptime>(Tier::Slow),
    Registered::new::<temperature::Temperature>(Tier::Slow),
    Registered::new::<fans::Fans>(Tier::Slow),
    Registered::new::<gpu::GraphicsCards>(Tier::Slow),
    Registered::new::<pressure::Pressure>(Tier::Slow),
    Registered::new::<cgroup::ContainerLimits>(Tier::Slow),
    Registered::new::<files::OpenFiles>(Tier::Slow),
    Registered::new::<sockets::Sockets>(Tier::Slow),
    Registered::new::<users::LoggedIn>(Tier::Slow),
    Registered::new::<units::FailedUnits>(Tier::Slow),
    Registered::new::<smart::Smart>(Tier::Slow),
];

/// One kind of measurement.
trait Collector: Sized + Send + 'static {
    /// All that it can fill; a machine may have less.
    const METRICS: &'static [Metric];
    /// The panels that pages show of it.
    const PANELS: &'static [Panel];

    /// Makes ready. Does not read counters yet. What may hang is measured elsewhere, and read from `apart`.
    ///
    /// # Errors
    /// When this system offers no way to measure it: its metrics are then absent.
    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error>;

    /// Measures now. What this machine does not have is left out, and so is a rate of which there is one
    /// reading only.
    fn collect(&mut self, into: &mut Readings);
}

/// A collector that is ready: fills in what it measures.
pub(crate) type CollectFn = Box<dyn FnMut(&mut Readings) + Send>;

struct Registered {
    tier: Tier,
    metrics: &'static [Metric],
    panels: &'static [Panel],
    build: fn(&BackgroundReports) -> Result<CollectFn, sysinfo::Error>,
}

impl Registered {
    const fn new<C: Collector>(tier: Tier) -> Self {
        Self { tier, metrics: C::METRICS, panels: C::PANELS, build: running::<C> }
    }
}

fn running<C: Collector>(apart: &BackgroundReports) -> Result<CollectFn, sysinfo::Error> {
    let mut collector = C::new(apart)?;
    Ok(Box::new(move |into| collector.collect(into)))
}

/// Every metric that may be measured here, with its thresholds as they are where nobody has set them.
pub fn metrics() -> impl Iterator<Item = &'static Metric> {
    REGISTRY.iter().flat_map(|registered| registered.metrics)
}

/// Every panel of these metrics, in the order of their places.
#[must_use]
pub fn panels() -> Vec<Panel> {
    let mut panels: Vec<Panel> = REGISTRY.iter().flat_map(|registered| registered.panels).copied().collect();
    panels.sort_by_key(|panel| panel.place);
    panels
}

/// The three shares of the simplest form: CPU, memory and disk.
pub(crate) const SHARES: [Metric; 3] = [cpu::TOTAL, memory::PERCENT, disk_space::FULLEST];

/// Returns CPU, memory and disk of a sample, percent; none for what it does not have.
#[must_use]
pub fn shares(sample: &Sample) -> [Option<f64>; 3] {
    SHARES.map(|metric| sample.value(metric.id))
}

/// The collectors of a tier that this system has the means for.
pub(crate) fn build(tier: Tier, apart: &BackgroundReports) -> Vec<CollectFn> {
    let ready = |registered: &Registered| {
        (registered.build)(apart)
            .inspect_err(|error| {
                let metric = registered.metrics.first().map(|metric| metric.id);
                tracing::warn!(%error, metric, "not measured on this machine");
            })
            .ok()
    };
    REGISTRY.iter().filter(|registered| registered.tier == tier).filter_map(ready).collect()
}

#[cfg(test)]
mod tests;
