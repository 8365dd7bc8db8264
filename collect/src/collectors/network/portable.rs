//! Counters where there is no `/proc`: `sysinfo`'s view, which does not know what stands on what.

use sysinfo::{InterfaceOperationalState, NetworkData, Networks};

use super::counters::Counters;

pub(super) struct InterfaceSource(Networks);

impl InterfaceSource {
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        Networks::new().map(Self)
    }

    pub(super) fn read(&mut self) -> Vec<Counters> {
        self.0.refresh(true);
        let told =
            self.0.iter().filter(|(name, data)| is_up(data) && !is_loopback(&name.to_string_lossy(), data));
        told.map(|(name, data)| Counters {
            name: name.to_string_lossy().into_owned(),
            bytes: [data.total_received(), data.total_transmitted()],
            counted: true,
        })
        .collect()
    }
}

/// Tunnels and some drivers do not know their state: they count as up.
fn is_up(data: &NetworkData) -> bool {
    use InterfaceOperationalState::{Down, LowerLayerDown, NotPresent};
    !matches!(data.operational_state(), Down | LowerLayerDown | NotPresent)
}

fn is_loopback(name: &str, data: &NetworkData) -> bool {
    name == "lo" || data.ip_networks().iter().any(|ip| ip.addr.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_is_not_told() {
        let told = InterfaceSource::new().expect("a source").read();
        assert!(told.iter().all(|counters| counters.name != "lo" && counters.counted));
    }
}
