//! The tables of all figures.

use super::Results;
use crate::load::{
    measure::{Compared, encodes::Encodes, idle::Idle, stalled::Stalled},
    run::Outcome,
    stats::median,
    tally::Faults,
};

/// One table for each measurement that was made.
pub(super) fn all(results: &Results) -> String {
    let mut text = String::new();
    if !results.fanout.is_empty() {
        text += "\n## One wire: publications of 256 bytes\n\n";
        text += &compared(results.fanout.iter());
    }
    if let Some(mixed) = &results.mixed {
        text += "\n## Several wires at once\n\n";
        text += &compared([mixed].into_iter());
    }
    if !results.polls.is_empty() {
        text += "\n## A question by the clock\n\n";
        text += &polls(&results.polls);
    }
    if !results.proxied.is_empty() {
        text += "\n## First event through nginx\n\n";
        text += &super::proxied::table(&results.proxied);
    }
    if !results.idle.is_empty() {
        text += "\n## Idle connections\n\n";
        text += &idle(&results.idle);
    }
    if !results.encodes.is_empty() {
        text += "\n## Wire forms built (`pulseboard_encodes_total`)\n\n";
        text += &encodes(&results.encodes);
    }
    if !results.stalled.is_empty() {
        text += "\n## Stalled readers\n\n";
        text += &stalled(&results.stalled);
    }
    if let Some(slow_disk) = &results.slow_disk {
        text += "\n## A slow disk\n\n";
        text += &super::slow_disk::table(slow_disk);
    }
    if let Some(nodes) = &results.nodes {
        text += "\n## Three nodes\n\n";
        text += &super::nodes::table(nodes);
    }
    if let Some(inspector) = &results.inspector {
        text += "\n## While someone looks at the connections\n\n";
        text += &super::inspector::table(inspector);
    }
    if !results.sign_ins.rounds.is_empty() {
        text += "\n## While people sign in\n\n";
        text += &super::sign_ins::table(&results.sign_ins);
    }
    if let Some(kept) = &results.kept_logs {
        text += "\n## Kept lines\n\n";
        text += &super::kept_logs::table(kept);
    }
    if let Some(watched) = &results.containers {
        text += "\n## Containers that are watched\n\n";
        text += &super::containers::table(watched);
    }
    if let Some(charts) = &results.charts {
        text += "\n## Charts in a browser\n\n";
        text += &super::charts::table(charts, results.heaps.as_ref());
    }
    if !results.lab.is_empty() {
        text += "\n## The lab's page beside the load generator\n\n";
        text += &super::lab::table(&results.lab);
    }
    text
}

fn compared<'a>(all: impl Iterator<Item = &'a Compared>) -> String {
    let mut text = String::from(
        "| subscribers | server | deliveries a CPU second | µs CPU a delivery | of Pulseboard's | p50 ms | p99 ms | max ms | \
         bytes a delivery | deliveries/s | lost, twice, out of order | resident MiB | µs CPU of the generator |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
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
        "| {} | {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} | {slowest:.1} | {:.0} | {:.0} | {}, {}, {} | {:.1} | {:.2} |\n",
        compared.what,
        compared.rounds[0][place].0,
        of(&Outcome::deliveries_per_cpu),
        of(&Outcome::cpu_per_delivery),
        median(&ratios),
        of(&|outcome| outcome.latency_ms(0.5)),
        of(&|outcome| outcome.latency_ms(0.99)),
        of(&Outcome::bytes_per_delivery),
        of(&|outcome| outcome.deliveries as f64 / outcome.elapsed),
        faults.lost,
        faults.duplicated,
        faults.out_of_order,
        of(&|outcome| outcome.resident as f64 / f64::from(1 << 20)),
        of(&Outcome::own_cpu_per_delivery),
    )
}

fn polls(all: &[Compared]) -> String {
    let mut text = String::from(
        "| clients, each once a second | µs CPU a question | bytes a question | questions/s |\n|---|---|---|---|\n",
    );
    for one in all {
        let of = |figure: &dyn Fn(&Outcome) -> f64| {
            let figures: Vec<f64> = one.rounds.iter().map(|round| figure(&round[0].1)).collect();
            median(&figures)
        };
        let said = |outcome: &Outcome| outcome.traffic.said.max(1) as f64;
        text += &format!(
            "| {} | {:.1} | {:.0} | {:.0} |\n",
            one.what,
            of(&|outcome| 1e6 * outcome.cpu / said(outcome)),
            of(&|outcome| outcome.traffic.bytes as f64 / said(outcome)),
            of(&|outcome| said(outcome) / outcome.elapsed),
        );
    }
    text
}

fn encodes(all: &[Encodes]) -> String {
    let mut text = String::from(
        "| subscribers on six transports | publications | deliveries | built for each publication | of each form |\n\
         |---|---|---|---|---|\n",
    );
    for one in all {
        let forms: Vec<String> = one.forms.iter().map(|(form, built)| format!("{form} {built}")).collect();
        text += &format!(
            "| {} | {} | {} | {:.2} | {} |\n",
            one.subscribers,
            one.publications,
            one.deliveries,
            one.each(),
            forms.join(", "),
        );
    }
    text
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
        "| publications | resident KiB for each | kernel KiB for each | p99 ms of those who read, without | with | \
         more than this machine carries |\n|---|---|---|---|---|---|\n",
    );
    for one in all {
        let without: Vec<f64> = one.p99.iter().map(|pair| pair.0).collect();
        let with: Vec<f64> = one.p99.iter().map(|pair| pair.1).collect();
        text += &format!(
            "| {} | {:.1} | {:.1} | {:.2} | {:.2} | {} |\n",
            one.what,
            one.memory / 1024.0,
            one.queued as f64 / 1024.0,
            median(&without),
            median(&with),
            if one.too_many.is_empty() { "–".into() } else { one.too_many.join(", ") },
        );
    }
    text
}
