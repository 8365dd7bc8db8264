//! Writes the report, as Markdown that reads well on a terminal too.

mod against_peers;
mod aims;
mod charts;
mod containers;
mod inspector;
mod kept_logs;
mod lab;
mod nodes;
mod proxied;
mod sign_ins;
mod slow_disk;
mod tables;

use super::{
    machine,
    measure::{
        Compared, Plan, charts::Charts, containers::WatchedContainers, encodes::Encodes, idle::Idle,
        inspector::Inspector, kept_logs::KeptLines, lab::LabComparison, nodes::Nodes, proxied::FirstEvent,
        sign_ins::SignIns, slow_disk::SlowDisk, stalled::Stalled,
    },
    run::AHEAD,
    stats::median,
    subject::{PULSEBOARD, Program},
    tally::Faults,
};

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// Memory of idle connections.
    pub(crate) idle: Vec<Idle>,
    /// One wire at a time.
    pub(crate) fanout: Vec<Compared>,
    /// Several at once.
    pub(crate) mixed: Option<Compared>,
    /// Questions by the clock.
    pub(crate) polls: Vec<Compared>,
    /// First events through a proxy.
    pub(crate) proxied: Vec<FirstEvent>,
    /// The counts of wire encodings.
    pub(crate) encodes: Vec<Encodes>,
    /// With readers that do not read.
    pub(crate) stalled: Vec<Stalled>,
    /// Several nodes.
    pub(crate) nodes: Option<Nodes>,
    /// With a disk that is slow.
    pub(crate) slow_disk: Option<SlowDisk>,
    /// Charts in a browser.
    pub(crate) charts: Option<Charts>,
    /// Deliveries while someone looks at the connections.
    pub(crate) inspector: Option<Inspector>,
    /// Deliveries while people sign in.
    pub(crate) sign_ins: SignIns,
    /// Lines that are kept.
    pub(crate) kept_logs: Option<KeptLines>,
    /// Containers that are watched.
    pub(crate) containers: Option<WatchedContainers>,
    /// The lab's page beside the generator.
    pub(crate) lab: Vec<LabComparison>,
    /// The heaps of the chart libraries, from the last time that they were measured.
    pub(crate) heaps: Option<Charts>,
}

impl Results {
    /// Sums the faults of Pulseboard's deliveries in all runs; faults of its peers are not counted.
    pub(crate) fn faults(&self) -> Faults {
        let mut faults = Faults::default();
        let ours = self.compared().flat_map(|compared| &compared.rounds).filter_map(|round| round.first());
        ours.for_each(|(_, outcome)| faults += outcome.faults);
        self.stalled.iter().for_each(|stalled| faults += stalled.faults);
        self.encodes.iter().for_each(|encodes| faults += encodes.faults);
        let killed = self.nodes.iter().flat_map(|nodes| &nodes.killed);
        killed.filter(|killed| killed.name == PULSEBOARD.name).for_each(|killed| faults += killed.faults);
        let on_disks = self.slow_disk.iter().flat_map(|slow_disk| &slow_disk.rounds);
        on_disks.for_each(|(usual, slow)| {
            faults += usual.faults();
            faults += slow.faults();
        });
        let looked_at = self.inspector.iter().flat_map(|looked_at| &looked_at.rounds);
        looked_at.chain(&self.sign_ins.rounds).for_each(|(without, with, _)| {
            faults += without.faults;
            faults += with.faults;
        });
        faults
    }

    /// The share of the CPU that other programs used: the median over all runs, and the most in one.
    pub(crate) fn foreign(&self) -> (f64, f64) {
        let compared = self.compared().flat_map(|compared| &compared.rounds).flatten();
        let on_disks = self.slow_disk.iter().flat_map(|slow_disk| &slow_disk.rounds);
        let on_disks = on_disks.flat_map(|(usual, slow)| [&usual.stored, &slow.stored]);
        let outcomes = compared.map(|(_, outcome)| outcome).chain(on_disks);
        let charts = self.charts.iter().flat_map(|charts| &charts.runs).map(|run| run.foreign);
        let shares: Vec<f64> = outcomes.map(|outcome| outcome.foreign).chain(charts).collect();
        (median(&shares), shares.iter().copied().fold(0.0, f64::max))
    }

    fn compared(&self) -> impl Iterator<Item = &Compared> {
        let nodes = self.nodes.iter().flat_map(|nodes| &nodes.compared);
        self.fanout.iter().chain(&self.mixed).chain(&self.polls).chain(nodes)
    }
}

/// The whole report.
pub(crate) fn markdown(plan: &Plan, programs: &[Program], results: &Results) -> String {
    let mut text = String::from(
        "# Load figures\n\nMade by `cargo xtask bench`, never by hand: run it again to renew them.\n\n## Machine\n\n",
    );
    let versions = programs.iter().map(|program| (program.name, (program.version)(plan.binary_of(program))));
    let versions = versions.map(|(name, said)| (name, said.unwrap_or("not installed: left out".into())));
    let libraries = results.charts.iter().flat_map(Charts::versions);
    let stores = results.nodes.iter().flat_map(|nodes| nodes.versions.clone());
    let versions = versions.chain(stores).chain(libraries);
    for (name, value) in machine::describe(results.foreign()).into_iter().chain(versions) {
        text += &format!("- {name}: {value}\n");
    }
    text += "\n## Aims\n\n";
    text += &aims::table(results);
    text += &against_peers::table(results);
    text += "\n## Method\n\n";
    text += &method(plan);
    text += &tables::all(results);
    text
}

/// Returns the words for an aim that is met or missed.
fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**not met**" }
}

fn method(plan: &Plan) -> String {
    format!(
        "One thread of the load generator holds all subscribers and publishes by POST over one connection, on the same\n\
         machine over loopback, so that all share its cores. Every payload says its number and when it was sent: each\n\
         subscriber must hear 1, 2, 3, … to the last, within 10 s after it was sent. Each run takes figures for {:.1} s\n\
         after a warm-up, servers take turns, and a figure is the median of {} rounds; a ratio is the median of the\n\
         rounds' ratios. A server that falls behind (fewer deliveries a second than were due) writes several\n\
         publications at once, which costs less for each. Where a load is called saturated, the next publication is given as\n\
         soon as the slowest subscriber has heard the one {AHEAD} before it.\n\n\
         - Latency: from just before the POST is written until just after a subscriber has read the publication.\n\
         - Polling: each client asks once a second, so a publication waits half a second for the next question.\n\
         - Bytes a delivery: all that went over the subscribers' sockets, questions included, TCP's own headers not.\n\
         - CPU: user and system time of all of the server's processes (`/proc/PID/stat`), the publishing included.\n\
         - Memory: resident, shared pages counted once (`Pss`). A connection's share is the growth since a fresh\n  \
           process had seen its first few connections, divided by their number. The kernel's own is not in it.\n\
         - Pulseboard's collector of host metrics is slowed to one look a minute: it costs the same without\n  \
           subscribers. nginx runs a worker for each core, and answers a long poll with all that\n  \
           is new (`nchan_longpoll_multipart_response raw`). Neither writes an access log.\n",
        plan.time.as_secs_f64(),
        plan.rounds,
    )
}
