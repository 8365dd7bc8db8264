//! The work of npm's packages: wasm-opt, and the script beside this file.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The folder whose `node_modules` has them.
const PACKAGES: &str = "end2end";

/// wasm-opt of npm's binaryen, which runs wherever Node.js does.
pub(crate) fn wasm_opt(project: &Project) -> Command {
    let mut command = Command::new("node");
    command.arg(project.root.join(PACKAGES).join("node_modules/binaryen/bin/wasm-opt"));
    command
}

/// Runs one task of `finish.mjs` on a folder.
pub(crate) fn run(project: &Project, task: &str, folder: &Path) -> Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/finish.mjs");
    let mut command = Command::new("node");
    command
        .arg(script)
        .args([task, PACKAGES])
        .arg(folder)
        .arg(&project.name)
        .arg(&project.style)
        .arg(&project.browsers);
    let status = command.current_dir(&project.root).status().context("cannot start Node.js")?;
    if !status.success() {
        bail!(
            "finish.mjs could not {task} {}: is everything there that `cargo xtask setup` installs?",
            folder.display()
        );
    }
    Ok(())
}
