//! Many agents at one server, as Markdown.

use std::time::Duration;

use super::{
    kept::KeptSamples,
    simulated::{Reported, SERIES},
};
use crate::load::machine;

/// Memory is flat where the last third of the time needs at most so much more than the one before it.
const FLAT: f64 = 1.05;

/// The server at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Since the first report.
    pub(super) at: Duration,
    /// CPU seconds since the first report.
    pub(super) cpu: f64,
    /// MiB.
    pub(super) resident: f64,
}

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct ReportedLoad {
    pub(super) hosts: usize,
    pub(super) time: Duration,
    pub(super) moments: Vec<Moment>,
    pub(super) reported: Reported,
    pub(super) kept: KeptSamples,
    /// The share of the CPU that other programs used.
    pub(super) foreign: f64,
    /// The cores that the generator used.
    pub(super) generator: f64,
}

/// The section.
pub(super) fn section(load: &ReportedLoad) -> String {
    let ReportedLoad { hosts, time, reported, kept, .. } = load;
    let machine: Vec<String> = machine::describe((load.foreign, load.foreign))
        .into_iter()
        .map(|(name, value)| match name {
            "Meanwhile" => {
                format!("- Meanwhile: other programs used {:.0} % of the CPU\n", 100.0 * load.foreign)
            }
            _ => format!("- {name}: {value}\n"),
        })
        .collect();
    let KeptSamples { expected, lost, doubled, wrong } = kept;
    let cpu = load.moments.last().map_or(f64::NAN, |last| last.cpu);
    let reports = reported.reports as f64;
    let mut text = format!(
        "## Agents at one server\n\nMade by `cargo xtask bench --agents`: {hosts} agents × {SERIES} series at 1 s for {} minutes, half of them over WebSockets and half by POST, \
         at a server on one core.\n\n{}\n| aim | figure | |\n|---|---|---|\n",
        time.as_secs() / 60,
        machine.concat()
    );
    let mut row = |aim: &str, figure: String, is_met: bool| {
        text += &format!("| {aim} | {figure} | {} |\n", if is_met { "met" } else { "**not met**" });
    };
    row(
        "every sample is in history, once and as it was",
        format!("of {expected} {lost} lost, {doubled} doubled, {wrong} wrong"),
        (*lost, *doubled, *wrong) == (0, 0, 0),
    );
    row(
        "every report is answered at the first try",
        format!("{} were not", reported.failures),
        reported.failures == 0,
    );
    if let Some((before, after)) = thirds(&load.moments) {
        row(
            &format!(
                "memory is flat: the last third of the time has at most {FLAT} times the most of the one before"
            ),
            format!("{before:.1} and {after:.1} MiB"),
            after <= FLAT * before,
        );
    }
    let of = |quantile: f64| reported.times.value_at_quantile(quantile) as f64 / 1e3;
    let samples = reported.samples as f64;
    text += &format!(
        "\n| | |\n|---|---|\n| CPU of the server, percent of its core | {:.1} |\n| µs CPU a report | {:.0} |\n| samples a second of CPU | {:.0} |\n\
         | ms from a report to its answer: half of them, 99 of 100, the slowest | {:.2}, {:.2}, {:.1} |\n| reports | {} |\n| cores that the generator used | {:.2} |\n\n",
        100.0 * cpu / time.as_secs_f64(),
        1e6 * cpu / reports,
        samples / cpu,
        of(0.5),
        of(0.99),
        reported.times.max() as f64 / 1e3,
        reported.reports,
        load.generator,
    );
    text += "| minutes | CPU since the row before, percent | MiB |\n|---|---|---|\n";
    let mut before = Moment { at: Duration::ZERO, cpu: 0.0, resident: 0.0 };
    for moment in rows(&load.moments) {
        text += &format!(
            "| {:.1} | {:.1} | {:.1} |\n",
            moment.at.as_secs_f64() / 60.0,
            100.0 * (moment.cpu - before.cpu) / (moment.at - before.at).as_secs_f64(),
            moment.resident
        );
        before = moment;
    }
    text += "\n- An agent's report has two lines, as it has while nobody looks; numbers of percent and of networks are as if at random, which is the worst for compression, and \
        each can be told again: at the end every second of every series is asked for by `GET /api/v1/hosts/{id}/range`, its count and its number.\n\
        - CPU and memory (`Pss`) are those of the whole server: TLS is not in it, and its own collector looks once a minute.\n";
    text
}

/// About ten moments of all.
fn rows(moments: &[Moment]) -> impl Iterator<Item = Moment> {
    let every = moments.len().div_ceil(10).max(1);
    moments
        .iter()
        .copied()
        .enumerate()
        .filter(move |(index, _)| (index + 1) % every == 0)
        .map(|(_, moment)| moment)
}

/// The most memory of the second third of the time, and of the last.
fn thirds(moments: &[Moment]) -> Option<(f64, f64)> {
    let third = moments.len() / 3;
    let most = |moments: &[Moment]| moments.iter().map(|moment| moment.resident).fold(0.0, f64::max);
    (third > 0).then(|| (most(&moments[third..2 * third]), most(&moments[2 * third..])))
}
