//! The tables of all figures.

use super::Results;
use crate::load::{
    measure::{Compared, idle::Idle, stalled::Stalled},
    run::Outcome,
    stats::median,
    tally::Faults,
};

/// One table for each measurement that was made.
pub(super) fn all(results: &Results) -> String {
    let both: Vec<&Compared> = results.both.iter().collect();
    let mut text = String::new();
    if !results.fanout.is_empty() {
        text += "\n## One wire: 100 publications a second of 256 bytes\n\n";
        text += &compared(&results.fanout.iter().collect::<Vec<_>>());
    }
    if !both.is_empty() {
        text += "\n## Both wires at once\n\n";
        text += &compared(&both);
    }
    if !results.idle.is_empty() {
        text += "\n## Idle connections\n\n";
        text += &idle(&results.idle);
    }
    if !results.stalled.is_empty() {
        text += "\n## One stalled reader\n\n";
        text += &stalled(&results.stalled);
    }
    if !results.rates.is_empty() {
        text += "\n## Other rates\n\n";
        text += &compared(&results.rates.iter().collect::<Vec<_>>());
    }
    text
}

fn compared(all: &[&Compared]) -> String {
    let mut text = String::from(
        "| subscribers | server | µs CPU a delivery | of Pulseboard's | p50 ms | p99 ms | max ms | deliveries/s | \
         lost, twice, out of order | resident MiB | µs CPU of the generator |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for one in all {
        let servers = one.rounds.first().map_or(0, Vec::len);
        for place in 0..servers {
            text += &row(one, place);
        }
    }
    text
}

fn row(compared: &Compared, place: usize) -> String {
    let of = |figure: &dyn Fn(&Outcome) -> f64| {
        let figures: Vec<f64> = compared.rounds.iter().map(|round| figure(&round[place].1)).collect();
        median(&figures)
    };
    let mut faults = Faults::default();
    compared.rounds.iter().for_each(|round| faults += round[place].1.faults);
    let ratios: Vec<f64> = compared
        .rounds
        .iter()
        .map(|round| round[place].1.cpu_per_delivery() / round[0].1.cpu_per_delivery())
        .collect();
    let slowest = compared.rounds.iter().map(|round| round[place].1.latency_ms(1.0)).fold(0.0, f64::max);
    format!(
        "| {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {slowest:.1} | {:.0} | {}, {}, {} | {:.1} | {:.2} |\n",
        compared.what,
        compared.rounds[0][place].0,
        of(&Outcome::cpu_per_delivery),
        median(&ratios),
        of(&|outcome| outcome.latency_ms(0.5)),
        of(&|outcome| outcome.latency_ms(0.99)),
        of(&|outcome| outcome.deliveries as f64 / outcome.elapsed),
        faults.lost,
        faults.duplicated,
        faults.out_of_order,
        of(&|outcome| outcome.resident as f64 / f64::from(1 << 20)),
        of(&Outcome::own_cpu_per_delivery),
    )
}

fn idle(all: &[Idle]) -> String {
    let mut text = String::from(
        "| wire | server | empty MiB | connections | MiB with them | KiB each | KiB each of the last |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    for one in all {
        let Some((all, last)) = one.each() else { continue };
        let (all, last) = (all / 1024.0, last / 1024.0);
        let counts: Vec<String> = one.grown.iter().map(|(count, _)| count.to_string()).collect();
        let sizes: Vec<String> = one.grown.iter().map(|&(_, bytes)| format!("{:.1}", mib(bytes))).collect();
        text += &format!(
            "| {} | {} | {:.1} | {} | {} | {all:.2} | {last:.2} |\n",
            one.wire,
            one.name,
            mib(one.empty),
            counts.join(", "),
            sizes.join(", "),
        );
    }
    text
}

fn stalled(all: &[Stalled]) -> String {
    let mut text = String::from(
        "| publications | resident KiB for each | kernel KiB for each | p99 ms of the others, without | with |\n\
         |---|---|---|---|---|\n",
    );
    for one in all {
        let without: Vec<f64> = one.p99.iter().map(|pair| pair.0).collect();
        let with: Vec<f64> = one.p99.iter().map(|pair| pair.1).collect();
        text += &format!(
            "| {} | {:.1} | {:.1} | {:.2} | {:.2} |\n",
            one.what,
            one.memory / 1024.0,
            one.queued as f64 / 1024.0,
            median(&without),
            median(&with),
        );
    }
    text
}
