//! Pulseboard beside each peer, load by load.

use super::Results;
use crate::load::{
    measure::Compared,
    run::{Outcome, Pace},
    stats::median,
    subject::{BEFORE, SIGNED_IN},
};

/// The peer that writes no two publications at once.
const ONE_BY_ONE: &str = "nchan";
/// A change of ours may take this share of a CPU second's deliveries.
const CHANGED: f64 = 0.99;
/// The factor on a peer's deliveries for a second of CPU, for loads in which many ride in one write.
const SATURATED: f64 = 2.0;

/// A row for each load that a peer carried too.
pub(super) fn table(results: &Results) -> String {
    let mut rows = String::new();
    for compared in results.fanout.iter().chain(&results.mixed) {
        let servers = compared.rounds.first().map_or(0, Vec::len);
        (1..servers).for_each(|place| rows += &row(compared, place));
    }
    if rows.is_empty() {
        return rows;
    }
    format!(
        "\n## Beside the peers\n\nAimed for: more deliveries for a second of CPU than every peer, twice Nchan's where a load \
         is saturated, and no higher a p99 where it is not.\n\n\
         | load | peer | deliveries a CPU second, ours | theirs | ratio | | p99 ms, ours | theirs | |\n\
         |---|---|---|---|---|---|---|---|---|\n{rows}"
    )
}

fn row(compared: &Compared, place: usize) -> String {
    let of = |place: usize, figure: fn(&Outcome) -> f64| {
        let figures: Vec<f64> = compared.rounds.iter().map(|round| figure(&round[place].1)).collect();
        median(&figures)
    };
    let ratio = |round: &Vec<(&str, Outcome)>| {
        round[place].1.cpu_per_delivery() / round[0].1.cpu_per_delivery().max(f64::MIN_POSITIVE)
    };
    let ratios: Vec<f64> = compared.rounds.iter().map(ratio).collect();
    let ratio = median(&ratios);
    let peer = compared.rounds[0][place].0;
    let p99 = |outcome: &Outcome| outcome.latency_ms(0.99);
    let (ours, theirs) = (of(0, p99), of(place, p99));
    let saturated = compared.pace == Pace::Saturating;
    let cheaper = match peer {
        ONE_BY_ONE if saturated => super::verdict(ratio >= SATURATED),
        _ if peer == BEFORE.name => super::verdict(ratio >= CHANGED),
        _ if peer == SIGNED_IN.name => "told",
        _ => super::verdict(ratio > 1.0),
    };
    let is_told = saturated || [BEFORE.name, SIGNED_IN.name].contains(&peer);
    format!(
        "| {} | {peer} | {:.0} | {:.0} | {ratio:.2} | {} | {ours:.2} | {theirs:.2} | {} |\n",
        compared.what,
        of(0, Outcome::deliveries_per_cpu),
        of(place, Outcome::deliveries_per_cpu),
        cheaper,
        if is_told { "told" } else { super::verdict(ours <= theirs) },
    )
}
