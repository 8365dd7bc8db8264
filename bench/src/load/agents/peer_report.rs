//! An agent beside its peers, as Markdown.

use std::time::Duration;

use super::resources::Usage;
use crate::load::machine;

/// At most so much of the best peer's CPU, and of the best peer's memory.
const SHARE: f64 = 0.5;
/// Percent of a core that are aimed for, and MiB.
const CPU: f64 = 0.3;
const MEMORY: f64 = 8.0;

/// A program, and what it has taken.
#[derive(Debug)]
pub(super) struct Contender {
    pub(super) name: String,
    pub(super) usage: Usage,
}

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct SideBySide {
    /// Our agents first, the server last.
    pub(super) contenders: Vec<Contender>,
    /// The number of our agents.
    pub(super) ours: usize,
    pub(super) versions: Vec<(&'static str, String)>,
    pub(super) time: Duration,
    /// The share of the CPU that other programs used.
    pub(super) foreign: f64,
    /// The programs that ran on the machine.
    pub(super) processes: usize,
}

/// The section.
pub(super) fn section(all: &SideBySide) -> String {
    let machine: Vec<String> = machine::describe((all.foreign, all.foreign))
        .into_iter()
        .filter(|(name, _)| *name != "Meanwhile")
        .map(|(name, value)| format!("- {name}: {value}\n"))
        .collect();
    let versions: Vec<String> =
        all.versions.iter().map(|(name, version)| format!("- {name}: {version}\n")).collect();
    format!(
        "## An agent beside its peers\n\nMade by `cargo xtask bench --agent`: {} minutes side by side on one machine with {} processes.\n\n\
         {}{}- Meanwhile: other programs used {:.0} % of the CPU\n\n{}{}{}",
        all.time.as_secs() / 60,
        all.processes,
        machine.concat(),
        versions.concat(),
        100.0 * all.foreign,
        aims(all),
        table(all),
        METHOD,
    )
}

const METHOD: &str = "\n\
- CPU: user and system time of all of a program's processes, those that have ended included, in percent of one core. Memory: `Pss` of all its \
processes (`smaps_rollup`), at the end and the most of a look each ten seconds.\n\
- Each process runs from a copy of its binary, so that no page is shared with another program that is measured; what a program shares with its \
own children counts once.\n\
- The agents report to one server over the loopback by WebSocket. Nobody looks: everything that history keeps is measured, CPU, memory and disks each second, the rest every other one, and the \
processes every 30 s. Somebody looks: a reader follows the host's metrics, system and processes, so that all of it is measured and sent in full, at the agent's defaults (1 s and 2 s), and each second (`--slow-ms 1000`).\n\
- node_exporter is scraped each second on a connection that is kept, with the head that Prometheus 2.42 sends, and again without `Accept-Encoding`; it lists no processes. netdata runs as Debian sets it up, and keeps what it measures. \
glances writes a table each second (`--quiet --export csv`), and draws no screen.\n\
- The server has a collector of its own that looks once a minute; its row is what the three agents and the two readers cost it.\n";

fn best(peers: &[Contender], of: fn(&Usage) -> f64) -> Option<(&str, f64)> {
    let figures = peers.iter().map(|peer| (peer.name.as_str(), of(&peer.usage)));
    figures.min_by(|one, other| one.1.total_cmp(&other.1))
}

fn aims(all: &SideBySide) -> String {
    let (ours, peers) = all.contenders.split_at(all.ours);
    let peers = &peers[..peers.len().saturating_sub(1)];
    let (Some(cpu), Some(memory)) = (best(peers, |usage| usage.cpu), best(peers, |usage| usage.resident))
    else {
        return String::new();
    };
    let mut text = "| aim | figure | |\n|---|---|---|\n".to_owned();
    let mut row = |aim: String, figure: String, is_met: bool| {
        text += &format!("| {aim} | {figure} | {} |\n", if is_met { "met" } else { "**not met**" });
    };
    for Contender { name, usage } in ours {
        let (of_cpu, of_memory) = (usage.cpu / cpu.1, usage.resident / memory.1);
        row(
            format!("at most half of the least CPU, {name}"),
            format!("{of_cpu:.2} times that of {}", cpu.0),
            of_cpu <= SHARE,
        );
        row(
            format!("at most half of the least memory, {name}"),
            format!("{of_memory:.2} times that of {}", memory.0),
            of_memory <= SHARE,
        );
        row(
            format!("{CPU} % of a core and {MEMORY:.0} MiB, {name}"),
            format!("{:.2} %, {:.1} MiB", usage.cpu, usage.resident),
            usage.cpu <= CPU && usage.resident <= MEMORY,
        );
    }
    text + "\n"
}

fn table(all: &SideBySide) -> String {
    let mut text = "| program | CPU, percent of a core | of the first's | MiB at the end | of the first's | MiB at most | processes |\n\
        |---|---|---|---|---|---|---|\n"
        .to_owned();
    let Some(first) = all.contenders.first().map(|first| first.usage) else { return text };
    for (index, Contender { name, usage }) in all.contenders.iter().enumerate() {
        let of = if index < all.ours { "Pulseboard's agent, " } else { "" };
        text += &format!(
            "| {of}{name} | {:.3} | {:.2} | {:.1} | {:.2} | {:.1} | {} |\n",
            usage.cpu,
            usage.cpu / first.cpu,
            usage.resident,
            usage.resident / first.resident,
            usage.peak,
            usage.processes,
        );
    }
    text
}
