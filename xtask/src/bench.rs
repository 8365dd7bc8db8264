//! `cargo xtask bench`: figures, not tests. Nothing fails because it is slow.

use anyhow::Result;

use crate::process;
use crate::setup::{browser, peers};

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
    /// For the load generator, after `--`: see `cargo xtask bench -- --help`.
    #[arg(last = true)]
    load: Vec<String>,
}

pub(crate) fn bench(options: &BenchOptions) -> Result<()> {
    if options.history {
        let mut history = process::cargo(["run", "--release", "--package", "bench-history", "--"]);
        return process::run(history.args(&options.load));
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
