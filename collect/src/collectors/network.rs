//! Measures the bytes that cross the network interfaces.

mod counters;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;
mod shares;

use std::time::Instant;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Axis, Panel, PanelLine},
};

#[cfg(target_os = "linux")]
use self::linux::InterfaceSource;
#[cfg(not(target_os = "linux"))]
use self::portable::InterfaceSource;
use super::{BackgroundReports, Collector, Readings, flows::Flows};

/// Received by an interface.
const RECEIVED: Metric = of_interface("network.received", LocalizedText::new("Received", "수신"));
/// Sent by an interface.
const SENT: Metric = of_interface("network.sent", LocalizedText::new("Sent", "송신"));

const fn of_interface(id: &'static str, name: LocalizedText) -> Metric {
    const BY_INTERFACE: &[Label] =
        &[Label { id: "interface", name: LocalizedText::new("Interface", "인터페이스") }];
    Metric::rate(id, Unit::BytesPerSecond, name).by(BY_INTERFACE)
}

/// Each interface that is up, by its name, and the cards together.
///
/// A byte that crosses a bond, a bridge or a VLAN is counted by two interfaces or more: one of them is told (see `shares`). Left out is
/// the loopback.
pub(super) struct Network {
    source: InterfaceSource,
    flows: Flows,
}

impl Collector for Network {
    const METRICS: &'static [Metric] = &[RECEIVED, SENT];
    const PANELS: &'static [Panel] = &[Panel {
        axis: Axis::AtLeast(1000.0),
        tile: true,
        empty: LocalizedText::new("No network interface is up.", "활성 네트워크 인터페이스가 없습니다."),
        ..Panel::trend(
            "network",
            40,
            LocalizedText::new("Network", "네트워크"),
            &[PanelLine::of(&RECEIVED, 4), PanelLine::of(&SENT, 4).down()],
        )
    }];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self { source: InterfaceSource::new()?, flows: Flows::new([&RECEIVED, &SENT]) })
    }

    fn collect(&mut self, into: &mut Readings) {
        let interfaces = self.source.read();
        let now = Instant::now();
        let counters = interfaces.into_iter().map(|it| (it.name, it.bytes, it.counted));
        self.flows.fill(now, counters, into);
    }
}
