//! Measures the bytes that cross the network interfaces.

mod counters;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod shares;

use std::time::Instant;

use common::series::{Series, SeriesKind::Rate, Unit, id};

#[cfg(target_os = "linux")]
use self::linux::InterfaceSource;
#[cfg(not(target_os = "linux"))]
use self::portable::InterfaceSource;
use super::{BackgroundReports, Collector, Readings, flows::Flows};

/// Each interface that is up, by its name, and the cards together.
///
/// A byte that crosses a bond, a bridge or a VLAN is counted by two interfaces or more: one of them is told (see `shares`). Left out is
/// the loopback.
pub(super) struct Network {
    source: InterfaceSource,
    flows: Flows,
}

impl Collector for Network {
    const SERIES: &'static [Series] = &[
        Series::new(id::NETWORK_RECEIVED, Unit::BytesPerSecond, Rate, "Received").for_each_instance(),
        Series::new(id::NETWORK_SENT, Unit::BytesPerSecond, Rate, "Sent").for_each_instance(),
    ];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self {
            source: InterfaceSource::new()?,
            flows: Flows::new([id::NETWORK_RECEIVED, id::NETWORK_SENT]),
        })
    }

    fn collect(&mut self, into: &mut Readings) {
        let interfaces = self.source.read();
        let now = Instant::now();
        let counters = interfaces.into_iter().map(|it| (it.name, it.bytes, it.counted));
        self.flows.fill(now, counters, into);
    }
}
