//! What goes over the network interfaces.

use common::series::{Series, SeriesKind::Rate, Unit, id};
use sysinfo::{InterfaceOperationalState, NetworkData, Networks};

use super::{Collector, Readings, rates::Rates, readings::MOST_NAMED};

/// Each interface that is up, by its name: on Linux from `/sys/class/net/*/statistics`.
///
/// Left out: the loopback, and the host's ends of containers' cables (`veth*`), whose traffic the bridge that
/// they are plugged into already counts.
pub(super) struct Network {
    interfaces: Networks,
    rates: Rates<2>,
}

impl Collector for Network {
    const SERIES: &'static [Series] = &[
        Series::new(id::NETWORK_RECEIVED, Unit::BytesPerSecond, Rate, "Received").for_each_instance(),
        Series::new(id::NETWORK_SENT, Unit::BytesPerSecond, Rate, "Sent").for_each_instance(),
    ];

    fn new() -> Result<Self, sysinfo::Error> {
        Ok(Self { interfaces: Networks::new()?, rates: Rates::default() })
    }

    fn collect(&mut self, into: &mut Readings) {
        self.interfaces.refresh(true);
        let counters = self
            .interfaces
            .iter()
            .filter(|(name, data)| is_up(data) && !is_internal(&name.to_string_lossy(), data))
            .map(|(name, data)| (name.clone(), [data.total_received(), data.total_transmitted()]));
        let rates = self.rates.advance(into.now(), counters);
        for (name, [received, sent]) in rates.into_iter().take(MOST_NAMED) {
            into.set_named(id::NETWORK_RECEIVED, &name, received);
            into.set_named(id::NETWORK_SENT, &name, sent);
        }
    }
}

/// Tunnels and some drivers do not know their state: they count as up.
fn is_up(data: &NetworkData) -> bool {
    use InterfaceOperationalState::{Down, LowerLayerDown, NotPresent};
    !matches!(data.operational_state(), Down | LowerLayerDown | NotPresent)
}

fn is_internal(name: &str, data: &NetworkData) -> bool {
    name == "lo" || name.starts_with("veth") || data.ip_networks().iter().any(|ip| ip.addr.is_loopback())
}
