//! Compares the results with the aims, and says which are met.

use super::Results;
use crate::load::{
    measure::idle::Idle,
    stats::median,
    subject::PULSEBOARD,
    wire::{WEBSOCKET, WIRES},
};

/// KiB for each idle connection: a WebSocket, and any other.
const IDLE: (f64, f64) = (5.0, 10.0);
/// KiB for a stalled reader, in the server and in the kernel's send queue.
const STALLED: f64 = 256.0;
/// The greatest factor on the p99 of healthy readers while others stall.
const SLOWER: f64 = 1.10;

/// A row for each aim that was measured.
pub(super) fn table(results: &Results) -> String {
    let mut text = String::from("| aim | figure | |\n|---|---|---|\n");
    let mut row = |aim: String, figure: String, met: bool| {
        text += &format!("| {aim} | {figure} | {} |\n", super::verdict(met));
    };
    let faults = results.faults();
    row(
        "nothing lost, delivered twice or out of order, in any run".into(),
        format!("{}, {}, {}", faults.lost, faults.duplicated, faults.out_of_order),
        faults == super::Faults::default(),
    );
    for wire in WIRES {
        let most = if wire.name == WEBSOCKET.name { IDLE.0 } else { IDLE.1 };
        let ours = results.idle.iter().find(|idle| idle.wire == wire.name && idle.name == PULSEBOARD.name);
        if let Some((all, last)) = ours.and_then(Idle::each) {
            let kib = all.max(last) / 1024.0;
            row(
                format!("at most {most:.0} KiB resident for an idle connection: {}", wire.name),
                format!("{kib:.2} KiB"),
                kib <= most,
            );
        }
    }
    for (aim, figure, met) in super::proxied::aims(&results.proxied) {
        row(aim, figure, met);
    }
    for encodes in &results.encodes {
        let (each, forms, subscribers) = (encodes.each(), encodes.forms.len(), encodes.subscribers);
        row(
            format!("no more encodes a publication than wire forms in use: {subscribers} subscribers"),
            format!("{each:.2} for {forms} forms"),
            each <= forms as f64,
        );
    }
    for stalled in &results.stalled {
        let kib = (stalled.memory + stalled.queued as f64) / 1024.0;
        let what = &stalled.what;
        row(
            format!("a stalled reader costs at most {STALLED:.0} KiB: {what}"),
            format!("{kib:.0} KiB, kernel's send queue included"),
            kib <= STALLED,
        );
        let slower: Vec<f64> = stalled.p99.iter().map(|(without, with)| with / without).collect();
        let slower = median(&slower);
        row(
            format!("those who read are at most 10 % slower: {what}"),
            format!("their p99 is {slower:.2} times what it is without"),
            slower <= SLOWER,
        );
    }
    for (aim, figure, met) in results.slow_disk.iter().flat_map(super::slow_disk::aims) {
        row(aim, figure, met);
    }
    for (aim, figure, met) in results.nodes.iter().flat_map(super::nodes::aims) {
        row(aim, figure, met);
    }
    for (aim, figure, met) in results.charts.iter().flat_map(super::charts::aims) {
        row(aim, figure, met);
    }
    for (aim, figure, met) in results.inspector.iter().map(super::inspector::aim) {
        row(aim, figure, met);
    }
    if !results.sign_ins.rounds.is_empty() {
        let (aim, figure, met) = super::sign_ins::aim(&results.sign_ins);
        row(aim, figure, met);
    }
    for (aim, figure, met) in results.kept_logs.iter().flat_map(super::kept_logs::aims) {
        row(aim, figure, met);
    }
    for (aim, figure, met) in results.containers.iter().flat_map(super::containers::aims) {
        row(aim, figure, met);
    }
    for (aim, figure, met) in super::lab::aims(&results.lab) {
        row(aim, figure, met);
    }
    text
}
