//! The chores of Pulseboard, one command each: what a person, CI and the README all call.
//!
//! Everything runs through ordinary tools (cargo, cargo-leptos, npm, Playwright); this crate only knows in which
//! order, with which versions, and with which settings. Linux and macOS; on Windows use WSL.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks on its standard streams")]

mod bench;
mod conformance;
mod dist;
mod fuzz;
mod pins;
mod process;
mod proxies;
mod run;
mod schemathesis;
mod screenshot;
mod server_process;
mod setup;
mod site;
mod size;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The tasks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = false)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing to build (and, with --tests, to test) Pulseboard. Safe to repeat.
    Setup(setup::SetupOptions),
    /// Set up, build for release and start the server.
    Run(run::RunOptions),
    /// Make all that is handed to users: a static binary, an image, packages, a list of what is inside, and sums.
    Dist(dist::DistOptions),
    /// Run every check, in order: what CI runs.
    #[command(visible_alias = "ci")]
    Test(test::TestOptions),
    /// Check the workspace's rules: which crate may import which, which words are banned where, links, file sizes.
    Tidy,
    /// Show what a browser downloads, and fail when it is over its budget.
    Size(size::SizeOptions),
    /// Measure: the load generator, then the fan-out's micro benchmarks.
    Bench(bench::BenchOptions),
    /// Give every decoder bytes that were made to break it, with cargo-fuzz.
    Fuzz(fuzz::FuzzOptions),
    /// Send every transport through every proxy of docs/proxies.md, set up with the lines of that document.
    Proxies(proxies::ProxiesOptions),
    /// Run the suites of Autobahn, Engine.IO and Socket.IO against our wires; installs what they need.
    Conformance(conformance::ConformanceOptions),
    /// Take the README's picture again from a running server.
    Screenshot,
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(task: Task) -> Result<()> {
    match task {
        Task::Setup(options) => setup::setup(&options),
        Task::Run(options) => run::run(&options),
        Task::Dist(options) => dist::dist(&options),
        Task::Test(options) => test::test(&options),
        Task::Tidy => tidy::tidy(),
        Task::Size(options) => size::size(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Fuzz(options) => fuzz::fuzz(&options),
        Task::Proxies(options) => proxies::proxies(&options),
        Task::Conformance(options) => conformance::conformance(&options),
        Task::Screenshot => screenshot::screenshot(),
    }
}
