//! `cargo xtask bench`: figures, not tests. Nothing fails because it is slow.

use anyhow::Result;

use crate::process;
use crate::setup::{agent_peers, browser, peers};

#[derive(clap::Args)]
pub(crate) struct BenchOptions {
    /// Leave out the fan-out's micro benchmarks.
    #[arg(long)]
    load_only: bool,
    /// One short round of the load generator alone, about five minutes; bench/RESULTS.md is left as it is.
    #[arg(long)]
    quick: bool,
    /// History beside Prometheus and VictoriaMetrics instead, half an hour: `-- --help` for its options. Debian's packages
    /// `prometheus` and `victoria-metrics` are to be there.
    #[arg(long)]
    history: bool,
    /// The agent beside node_exporter, netdata and glances instead, an hour: `-- --minutes MINUTES` for a shorter time.
    #[arg(long, conflicts_with = "history")]
    agent: bool,
    /// Three hundred agents at one server on one core instead, ten minutes: `-- --minutes MINUTES` for another time.
    #[arg(long, conflicts_with_all = ["history", "agent"])]
    agents: bool,
    /// For the load generator, after `--`: see `cargo xtask bench -- --help`.
    #[arg(last = true)]
    load: Vec<String>,
}

pub(crate) fn bench(options: &BenchOptions) -> Result<()> {
    if options.history {
        let mut history = process::cargo(["run", "--release", "--package", "bench-history", "--"]);
        return process::run(history.args(&options.load));
    }
    if options.agent || options.agents {
        if options.agent {
            agent_peers::install()?;
        }
        let what = if options.agent { "--agent" } else { "--agents" };
        let mut load = process::cargo(["run", "--release", "--package", "bench", "--", what]);
        return process::run(load.args(&options.load));
    }
    peers::install();
    if let Err(error) = peers::install_charts() {
        println!("setup: the charts cannot be measured: {error:#}");
    }
    let mut load = process::cargo(["run", "--release", "--package", "bench", "--"]);
    if options.quick {
        load.arg("--quick");
    }
    if let Some(chromium) = browser::chromium() {
        load.env("CHROMIUM", chromium);
    }
    process::run(load.args(&options.load))?;
    if !(options.load_only || options.quick) {
        process::run(&mut process::cargo(["bench", "--package", "fanout"]))?;
    }
    Ok(())
}
