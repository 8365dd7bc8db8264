//! Which of a machine's interfaces are told, so that each byte is counted once.

use std::collections::{HashMap, HashSet};

/// The known facts of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct InterfaceFacts {
    /// There is hardware behind it, or what a virtual machine has for hardware.
    pub(super) physical: bool,
    pub(super) loopback: bool,
    /// It has no link, or was switched off.
    pub(super) down: bool,
    /// The bridge or bond that it is a member of.
    pub(super) master: Option<String>,
    /// The interfaces that it stands on: the members of a bridge or bond, the card below a VLAN.
    pub(super) lowers: Vec<String>,
}

/// The way in which an interface is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InterfaceShare {
    /// It makes up the total.
    Counted,
    /// It has a row; what it carries goes over another one, too.
    Listed,
    /// It is not told.
    Hidden,
}

/// The share of each interface. Every byte of a card is counted once:
///
/// - where there are cards, they make up the total, and what stands on them (bonds, bridges, VLANs) is hidden;
/// - where there are none, as in a container, those make it up that do not stand on another one;
/// - of a bridge or bond without a card below it is told, and not its members.
pub(super) fn shares(interfaces: &HashMap<String, InterfaceFacts>) -> HashMap<&str, InterfaceShare> {
    let up = |name: &str| interfaces.get(name).filter(|facts| !facts.down && !facts.loopback);
    let is_card = |name: &str| up(name).is_some_and(|facts| facts.physical);
    let has_cards = interfaces.keys().any(|name| is_card(name));
    let stands_on_a_card = |name: &str| {
        let mut below: Vec<&str> = interfaces.get(name).into_iter().flat_map(lowers).collect();
        let mut seen = HashSet::new();
        while let Some(lower) = below.pop() {
            if is_card(lower) {
                return true;
            }
            if seen.insert(lower) {
                below.extend(interfaces.get(lower).into_iter().flat_map(lowers));
            }
        }
        false
    };
    let share = |name: &str, facts: &InterfaceFacts| {
        if up(name).is_none() {
            return InterfaceShare::Hidden;
        }
        if facts.physical {
            return InterfaceShare::Counted;
        }
        let is_member = facts.master.as_deref().is_some_and(|master| up(master).is_some());
        let stands_on_another = lowers(facts).any(|lower| {
            let is_its_member =
                interfaces.get(lower).is_some_and(|lower| lower.master.as_deref() == Some(name));
            !is_its_member && up(lower).is_some()
        });
        if is_member || stands_on_another || stands_on_a_card(name) {
            InterfaceShare::Hidden
        } else if has_cards {
            InterfaceShare::Listed
        } else {
            InterfaceShare::Counted
        }
    };
    interfaces.iter().map(|(name, facts)| (&**name, share(name, facts))).collect()
}

fn lowers(facts: &InterfaceFacts) -> impl Iterator<Item = &str> {
    facts.lowers.iter().map(|lower| &**lower)
}

#[cfg(test)]
mod tests {
    use super::{InterfaceShare::*, *};

    const CARD: InterfaceFacts =
        InterfaceFacts { physical: true, loopback: false, down: false, master: None, lowers: Vec::new() };

    fn member(of: &str) -> InterfaceFacts {
        InterfaceFacts { master: Some(of.to_owned()), ..InterfaceFacts::default() }
    }

    fn on(lowers: &[&str]) -> InterfaceFacts {
        InterfaceFacts {
            lowers: lowers.iter().map(|&lower| lower.to_owned()).collect(),
            ..InterfaceFacts::default()
        }
    }

    fn told(interfaces: &[(&str, InterfaceFacts)]) -> Vec<(String, InterfaceShare)> {
        let interfaces: HashMap<_, _> =
            interfaces.iter().map(|(name, facts)| ((*name).to_owned(), facts.clone())).collect();
        let mut told: Vec<_> = shares(&interfaces)
            .into_iter()
            .filter(|(_, share)| *share != Hidden)
            .map(|(name, share)| (name.to_owned(), share))
            .collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        told
    }

    fn of(name: &str, share: InterfaceShare) -> (String, InterfaceShare) {
        (name.to_owned(), share)
    }

    #[test]
    fn a_bond_with_a_bridge_and_vlans_is_its_cards() {
        let told = told(&[
            ("lo", InterfaceFacts { loopback: true, ..InterfaceFacts::default() }),
            ("eth0", InterfaceFacts { master: Some("bond0".into()), ..CARD }),
            ("eth1", InterfaceFacts { master: Some("bond0".into()), ..CARD }),
            ("bond0", on(&["eth0", "eth1"])),
            ("bond0.7", InterfaceFacts { master: Some("br0".into()), ..on(&["bond0"]) }),
            ("br0", on(&["bond0.7", "vnet0"])),
            ("vnet0", member("br0")),
        ]);
        assert_eq!(told, [of("eth0", Counted), of("eth1", Counted)]);
    }

    #[test]
    fn a_bridge_of_containers_has_a_row_and_its_members_have_none() {
        let told = told(&[
            ("eth0", CARD),
            ("docker0", on(&["veth1", "veth2"])),
            ("veth1", member("docker0")),
            ("veth2", member("docker0")),
            ("cali1", InterfaceFacts::default()),
            ("wg0", InterfaceFacts::default()),
        ]);
        let eth0 = of("eth0", Counted);
        assert_eq!(told, [of("cali1", Listed), of("docker0", Listed), eth0, of("wg0", Listed)]);
    }

    #[test]
    fn where_there_are_no_cards_nothing_is_counted_twice_either() {
        assert_eq!(told(&[("eth0", InterfaceFacts::default())]), [of("eth0", Counted)]);
        let told = told(&[
            ("br0", on(&["v1", "v2"])),
            ("v1", member("br0")),
            ("v2", member("br0")),
            ("v3", InterfaceFacts::default()),
            ("v3.10", on(&["v3"])),
            ("macvlan0", on(&["v3"])),
        ]);
        assert_eq!(told, [of("br0", Counted), of("v3", Counted)]);
    }

    #[test]
    fn what_is_down_is_not_told_and_hides_nothing() {
        let down = InterfaceFacts { down: true, ..on(&["v1"]) };
        let told = told(&[("br0", down), ("v1", member("br0")), ("x", on(&["x"]))]);
        assert_eq!(told, [of("v1", Counted)], "and a circle ends");
    }
}
