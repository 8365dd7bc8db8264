//! `cargo xtask fuzz`: bytes of strangers for every decoder. What is found stays in `fuzz/artifacts/`; put it into
//! `fuzz/corpus/<target>/`, where the tests try it again.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// Installed by `cargo install cargo-fuzz --locked`; no step of the tests needs it.
const TOOL: &str = "cargo-fuzz";

#[derive(clap::Args)]
pub(crate) struct FuzzOptions {
    /// Seconds for each target.
    #[arg(long, default_value_t = 300)]
    seconds: u32,
    /// Only these targets, the files of `fuzz/fuzz_targets/`; all of them, one after the other, where none is named.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

pub(crate) fn fuzz(options: &FuzzOptions) -> Result<()> {
    if process::version_of(workspace::cargo_bin().join(TOOL)).or_else(|| process::version_of(TOOL)).is_none()
    {
        bail!("there is no {TOOL}: install it with `cargo install {TOOL} --locked`");
    }
    let all = targets()?;
    if let Some(unknown) = options.targets.iter().find(|target| !all.contains(target)) {
        bail!("there is no target `{unknown}`; there are {}", all.join(", "));
    }
    let chosen = if options.targets.is_empty() { &all } else { &options.targets };
    for target in chosen {
        // New inputs go to a folder that is not kept; the corpus in the repository is only read.
        let found = format!("target/fuzz/{target}");
        fs::create_dir_all(workspace::path(&found)).with_context(|| format!("cannot make {found}"))?;
        let mut command = process::cargo(["fuzz", "run", "--sanitizer", "none", target, &found]);
        command
            .arg(format!("fuzz/corpus/{target}"))
            .arg("--")
            .arg(format!("-max_total_time={}", options.seconds));
        // The instrumentation is the compiler's own, but only the nightly one admits that it has it.
        process::run(command.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let folder = workspace::path("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut targets: Vec<_> = names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect();
    targets.sort();
    Ok(targets)
}
