//! npm's packages, from a folder's lock file.

use std::fs;

use anyhow::{Context, Result};

use super::announce;
use crate::process::{program, run};
use crate::workspace;

/// Installs the packages of a folder of the workspace.
pub(super) fn install(folder: &str) -> Result<()> {
    let within = |name: &str| workspace::path(&format!("{folder}/{name}"));
    let lock = fs::read(within("package-lock.json"))
        .with_context(|| format!("cannot read {folder}/package-lock.json"))?;
    // A copy of the lock file that was installed last. npm writes it only at the very end, and so do we.
    let stamp = within("node_modules/.stamp");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    announce(&format!("installing the npm packages of {folder}"), "10 to 60 seconds");
    let mut npm = program("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(workspace::path(folder));
    // The browser is looked for, and if need be fetched, by `setup --tests`.
    run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
        .context("cannot install the npm packages: is the npm registry reachable?")?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}
