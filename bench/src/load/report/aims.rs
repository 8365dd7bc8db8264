//! What was aimed for, what came out, and whether that is enough.

use super::Results;
use crate::load::{
    measure::{Compared, idle::Idle},
    stats::median,
    subject::PULSEBOARD,
};

/// KiB for each idle connection, by wire.
const IDLE: [(&str, f64); 2] = [("SSE", 16.0), ("WebSocket", 6.0)];
/// The most CPU for a delivery, as a multiple of Nchan's.
const CPU: f64 = 1.15;
/// The peer that CPU is compared with.
const PEER: &str = "nchan";
/// KiB for a stalled reader, in the server and in the kernel's send queue.
const STALLED: f64 = 256.0;
/// A p99 that is up to this much higher with a stalled reader is the same: single runs of one load differ by more.
const SAME: f64 = 1.25;

/// A row for each aim that was measured.
pub(super) fn table(results: &Results) -> String {
    let mut text = String::from("| aim | figure | |\n|---|---|---|\n");
    let mut row = |aim: String, figure: String, met: bool| {
        text += &format!("| {aim} | {figure} | {} |\n", if met { "met" } else { "**not met**" });
    };
    let faults = results.faults();
    row(
        "nothing lost, delivered twice or out of order, in any run".into(),
        format!("{}, {}, {}", faults.lost, faults.duplicated, faults.out_of_order),
        faults == super::Faults::default(),
    );
    for (wire, most) in IDLE {
        let ours = results.idle.iter().find(|idle| idle.wire == wire && idle.name == PULSEBOARD.name);
        if let Some((all, last)) = ours.and_then(Idle::each) {
            let kib = all.max(last) / 1024.0;
            row(
                format!("at most {most:.0} KiB resident for an idle {wire} connection"),
                format!("{kib:.2} KiB"),
                kib <= most,
            );
        }
    }
    for compared in results.fanout.iter().chain(&results.both) {
        if let Some(ratio) = ratio(compared) {
            row(
                format!("CPU a delivery at most {CPU} of Nchan's: {}", compared.what),
                format!("{ratio:.2}"),
                ratio <= CPU,
            );
        }
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
            format!("a stalled reader slows no one: {what}"),
            format!("the others' p99 is {slower:.2} times what it is without"),
            slower <= SAME,
        );
    }
    text
}

/// Our CPU for a delivery as a multiple of the peer's: the median over the rounds.
fn ratio(compared: &Compared) -> Option<f64> {
    let place = compared.rounds.first()?.iter().position(|(name, _)| *name == PEER)?;
    let ratios: Vec<f64> = compared
        .rounds
        .iter()
        .map(|round| round[0].1.cpu_per_delivery() / round[place].1.cpu_per_delivery())
        .collect();
    Some(median(&ratios))
}
