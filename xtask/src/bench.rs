//! `cargo xtask bench`: figures, not tests. Nothing fails because it is slow.

use anyhow::Result;

use crate::process;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave out the hub's micro benchmarks.
    #[arg(long)]
    load_only: bool,
    /// For the load generator, after `--`: see `cargo xtask bench -- --help`.
    #[arg(last = true)]
    load: Vec<String>,
}

pub(crate) fn bench(options: &Options) -> Result<()> {
    process::run(process::cargo(["run", "--release", "--package", "bench", "--"]).args(&options.load))?;
    if !options.load_only {
        process::run(&mut process::cargo(["bench", "--package", "hub"]))?;
    }
    Ok(())
}
