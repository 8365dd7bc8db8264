//! The load generator: a thousand subscribers on each of six wires, Pulseboard beside its peers in one run, alone and as three nodes; the
//! page's charts beside other libraries'; an agent beside its peers, and hundreds at one server; and the table of what came out. Figures, not tests: it fails only when something was lost, came twice or came out of order.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks on its standard streams")]

#[cfg(target_os = "linux")]
mod load;
#[cfg(not(target_os = "linux"))]
#[path = "unsupported.rs"]
mod load;

use std::process::ExitCode;

use clap::Parser;

/// Measure Pulseboard beside its peers and write bench/RESULTS.md.
#[derive(Parser)]
#[command(name = "cargo xtask bench --")]
pub(crate) struct Options {
    /// One short round of each, about five minutes; RESULTS.md is left as it is.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Write nothing, only print.
    #[arg(long)]
    pub(crate) print_only: bool,
    /// Write what was measured to this file, whatever it was; bench/RESULTS.md is left as it is.
    #[arg(long, value_name = "FILE")]
    pub(crate) into: Option<std::path::PathBuf>,
    /// Measure this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    pub(crate) server: Option<std::path::PathBuf>,
    /// Measure this binary, of a commit before, beside it in idle and fanout, and the newer one also with accounts.
    #[arg(long, value_name = "FILE")]
    pub(crate) before: Option<std::path::PathBuf>,
    /// Only these measurements, comma-separated: idle, polls, proxied, encodes, mixed, stalled, slow_disk, nodes, fanout, inspector, sign_ins, kept_logs, containers, charts, lab.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) only: Vec<String>,
    /// Only these wires in fanout, comma-separated, by their names in the tables: WebSocket, SSE, "long polling" and so on.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) wires: Option<Vec<String>>,
    /// Only these programs beside Pulseboard, comma-separated: nchan, ws, socket.io.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) peers: Option<Vec<String>>,
    /// Instead of all that: draw charts for so many minutes with each library, sixty times a second, and keep in
    /// bench/charts/heaps.json what is then on the heap, for the next table.
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) heaps: Option<u32>,
    /// Instead of all that: the agent beside node_exporter, netdata and glances, side by side.
    #[arg(long, conflicts_with_all = ["heaps", "agents"])]
    pub(crate) agent: bool,
    /// Instead of all that: so many agents at one server on one core.
    #[arg(long, value_name = "HOSTS", num_args = 0..=1, default_missing_value = "300", conflicts_with = "heaps")]
    pub(crate) agents: Option<usize>,
    /// The agent beside its peers is measured for so many minutes instead of an hour, many agents at one server instead of ten minutes.
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) minutes: Option<u32>,
}

fn main() -> ExitCode {
    match load::bench(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("bench: something was lost, came twice or came out of order: see the table");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
