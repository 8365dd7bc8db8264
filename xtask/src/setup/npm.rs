//! Playwright and its companions, from end2end's lock file.

use std::fs;

use anyhow::{Context, Result};

use super::announce;
use crate::process::{program, run};
use crate::workspace;

pub(super) fn install() -> Result<()> {
    let lock = fs::read(workspace::path("end2end/package-lock.json"))
        .context("cannot read end2end/package-lock.json")?;
    // A copy of the lock file that was installed last. npm writes it only at the very end, and so do we.
    let stamp = workspace::path("end2end/node_modules/.stamp");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    announce("installing the npm packages of end2end", "10 to 60 seconds");
    let mut npm = program("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(workspace::path("end2end"));
    // The browser is looked for, and if need be fetched, by `setup --tests`.
    run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
        .context("cannot install the npm packages: is the npm registry reachable?")?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}
