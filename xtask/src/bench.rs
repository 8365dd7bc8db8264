//! `cargo xtask bench`: figures, not tests. Nothing fails because it is slow.

use anyhow::Result;

use crate::process;
use crate::setup::peers;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave out the hub's micro benchmarks.
    #[arg(long)]
    load_only: bool,
    /// One short round of the load generator alone, about two minutes; bench/RESULTS.md is left as it is.
    #[arg(long)]
    quick: bool,
    /// For the load generator, after `--`: see `cargo xtask bench -- --help`.
    #[arg(last = true)]
    load: Vec<String>,
}

pub(crate) fn bench(options: &Options) -> Result<()> {
    peers::install();
    let mut load = process::cargo(["run", "--release", "--package", "bench", "--"]);
    if options.quick {
        load.arg("--quick");
    }
    process::run(load.args(&options.load))?;
    if !(options.load_only || options.quick) {
        process::run(&mut process::cargo(["bench", "--package", "hub"]))?;
    }
    Ok(())
}
