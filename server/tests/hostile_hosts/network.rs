//! Interfaces that stand on one another, and by the score.

use crate::host::{Host, Plan, names};

/// Some traffic on the wire, to nobody.
const BROADCAST: &str = "python3 -c '
import socket
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for _ in range(50): line.sendto(bytes(1000), (\"10.98.0.255\", 9))
'";

/// A bridge with a member that another end sends to.
const BRIDGE: &str = "
    ip link add br0 type bridge
    ip link add eth10 type veth peer name far0
    ip link set eth10 master br0
    for card in br0 eth10 far0; do ip link set $card up; done
    ip addr add 10.99.0.1/24 dev br0
";

#[test]
fn what_goes_over_a_bridge_is_counted_once() {
    let host = Host::start(&Plan { setup: BRIDGE, network: true, ..Plan::default() });
    let _watch = host.watch();
    let system = host.until("the bridge is told", |snapshot| {
        let system = snapshot.system.clone()?;
        (names(&system, "network.received").len() >= 2).then_some(system)
    });
    // The far end is another machine's in earnest.
    assert_eq!(names(&system, "network.received"), ["br0", "far0"], "the member's bytes are the bridge's");
}

#[test]
fn of_seventy_interfaces_the_busy_one_is_told_and_how_many_are_not() {
    let setup = "
        for n in $(seq 10 79); do
            ip link add cali$n type veth peer name x$n
            ip link set cali$n up; ip link set x$n up
        done
        ip link add zz0 type veth peer name yy0
        ip link set zz0 up; ip link set yy0 up
        ip addr add 10.98.0.1/24 broadcast 10.98.0.255 dev zz0
    ";
    let host = Host::start(&Plan { setup, network: true, ..Plan::default() });
    let _watch = host.watch();
    host.until("they are told", |snapshot| {
        (names(snapshot.system.as_ref()?, "network.received").len() >= 64).then_some(())
    });
    let busy = host.until("the busy one is told", |snapshot| {
        host.run(BROADCAST);
        let system = snapshot.system.clone()?;
        system.values.get_labelled("network.sent", "zz0").filter(|&sent| sent > 100.0)?;
        Some(system)
    });
    assert_eq!(names(&busy, "network.received").len(), 64);
    let left = busy.left_out.get("network.received");
    assert_eq!(left, Some(142.0 - 64.0), "seventy-one pairs, each of two ends");
    assert!(busy.value("network.sent").is_some_and(|total| total >= 100.0), "the total is of all");
}
