//! Three nodes beside three of a peer.

use crate::load::{
    measure::{Compared, nodes::Killed, nodes::Nodes},
    run::{Outcome, Pace},
    stats::median,
    subject::PULSEBOARD,
    tally::Faults,
};

/// The factor on the peer's deliveries for a second of CPU.
const CHEAPER: f64 = 4.0;
/// The greatest factor on the peer's p99.
const SOONER: f64 = 0.5;

/// The peer's place among the contestants; ours is the first, and ours by WebSocket the last.
const PEER: usize = 1;

/// A row of aims for each load that the peer carried too, and for each kill.
pub(super) fn aims(nodes: &Nodes) -> Vec<(String, String, bool)> {
    let mut rows = Vec::new();
    for compared in nodes.compared.iter().filter(|compared| has_peer(compared)) {
        let ratio = ratio(compared, 0);
        rows.push((
            format!(
                "three nodes deliver {CHEAPER:.0} times as much for a second of CPU as Socket.IO's: {}",
                compared.what
            ),
            format!("{ratio:.2} times"),
            ratio >= CHEAPER,
        ));
        if compared.pace != Pace::Saturating {
            let (ours, theirs) = (p99(compared, 0), p99(compared, PEER));
            rows.push((
                format!("three nodes have at most half the p99 of Socket.IO's: {}", compared.what),
                format!("{ours:.2} ms and {theirs:.2} ms"),
                ours <= SOONER * theirs,
            ));
        }
    }
    for killed in nodes.killed.iter().filter(|killed| killed.name == PULSEBOARD.name) {
        rows.push((
            format!("nothing is lost, doubled or out of order where a node is killed: {}", killed.wire),
            told(killed.faults),
            killed.faults == Faults::default(),
        ));
    }
    rows
}

/// All figures.
pub(super) fn table(nodes: &Nodes) -> String {
    let mut text = String::from(
        "Subscribers are spread evenly over three nodes, and all is published at the first. Ours share their log at three NATS servers with three copies: a \
         publication is answered once two servers have it, and each connection's next one is taken in after that. Socket.IO's share a stream at one \
         Redis, with the recovery of connections, and answer at once. Both stores have their defaults for the disk: NATS syncs every two minutes, Redis \
         takes a snapshot now and then. Of several publishers, each connection's publications have to come in their order. CPU is that of all nodes and all servers of the store. \
         Where nothing else is said, both sides speak Socket.IO over WebSocket.\n\n\
         | load | server | deliveries a CPU second | ratio | of the CPU, the store | p50 ms | p99 ms | deliveries/s | lost, twice, out of order |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for compared in &nodes.compared {
        let servers = compared.rounds.first().map_or(0, Vec::len);
        (0..servers).for_each(|place| text += &row(compared, place));
    }
    text += "\nOne node of three, not the one that is published to, is killed (SIGKILL) at 50 publications a second. Its subscribers come back to the \
             others within 0.5 to 1.5 s, as the client of Socket.IO does, and say where they were.\n\n\
             | server | wire | publications | subscribers | came back | lost, twice, out of order |\n|---|---|---|---|---|---|\n";
    for Killed { name, wire, publications, subscribers: (all, back), faults } in &nodes.killed {
        text += &format!("| {name} | {wire} | {publications} | {all} | {back} | {} |\n", told(*faults));
    }
    text
}

fn row(compared: &Compared, place: usize) -> String {
    let mut faults = Faults::default();
    compared.rounds.iter().for_each(|round| faults += round[place].1.faults);
    let ratio = match has_peer(compared) && place != PEER {
        true => format!("{:.2}", ratio(compared, place)),
        false => "–".to_owned(),
    };
    format!(
        "| {} | {} | {:.0} | {ratio} | {:.0} % | {:.2} | {:.2} | {:.0} | {} |\n",
        compared.what,
        compared.rounds[0][place].0,
        of(compared, place, Outcome::deliveries_per_cpu),
        of(compared, place, |outcome| 100.0 * outcome.store_cpu / outcome.cpu.max(0.01)),
        of(compared, place, |outcome| outcome.latency_ms(0.5)),
        p99(compared, place),
        of(compared, place, |outcome| outcome.deliveries as f64 / outcome.elapsed),
        told(faults),
    )
}

fn has_peer(compared: &Compared) -> bool {
    let peer = compared.rounds.first().and_then(|round| round.get(PEER));
    peer.is_some_and(|(name, _)| !name.starts_with(PULSEBOARD.name))
}

/// The factor on the peer's deliveries for a second of CPU.
fn ratio(compared: &Compared, place: usize) -> f64 {
    let ratios = compared.rounds.iter().map(|round| {
        round[PEER].1.cpu_per_delivery() / round[place].1.cpu_per_delivery().max(f64::MIN_POSITIVE)
    });
    median(&ratios.collect::<Vec<_>>())
}

fn p99(compared: &Compared, place: usize) -> f64 {
    of(compared, place, |outcome| outcome.latency_ms(0.99))
}

fn of(compared: &Compared, place: usize, figure: fn(&Outcome) -> f64) -> f64 {
    let figures: Vec<f64> = compared.rounds.iter().map(|round| figure(&round[place].1)).collect();
    median(&figures)
}

fn told(faults: Faults) -> String {
    format!("{}, {}, {}", faults.lost, faults.duplicated, faults.out_of_order)
}
