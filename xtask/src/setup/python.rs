//! Python's packages, in environments of their own: for the clients of docs/clients.md, and for what else is asked for.

use std::fs;

use anyhow::{Context, Result};

use super::{announce, apt::Apt};
use crate::process::{on_path, program, run};
use crate::workspace;

/// The file of the packages to install, each with its version.
const REQUIREMENTS: &str = "server/tests/clients/requirements.txt";
/// The environment, where the tests look for it.
const FOLDER: &str = "server/tests/clients/.venv";
/// Debian's Python comes without the module that makes environments.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Installs them where they are missing; without them the tests of those clients fail, by name.
pub(super) fn install() {
    if let Err(error) = environment(REQUIREMENTS, FOLDER) {
        println!("setup: the tests of the Python clients will fail: {error:#}");
    }
}

/// Makes an environment in a folder with the packages that a file lists, each with its version, where it is not there.
pub(super) fn environment(requirements: &str, folder: &str) -> Result<()> {
    let wanted =
        fs::read(workspace::path(requirements)).with_context(|| format!("cannot read {requirements}"))?;
    let folder = workspace::path(folder);
    // A copy of what was installed last, written at the very end.
    let stamp = folder.join(".stamp");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    announce(&["installing the PyPI packages of ", requirements].concat(), "10 to 60 seconds");
    // With what an earlier Python, or half an installation, left there.
    let make = || run(program("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    if on_path("python3").is_none() || make().is_err() {
        let apt = Apt::here().context("install Python 3.11 or newer, with its venv module")?;
        apt.install(&PACKAGES)?;
        make()?;
    }
    let mut pip = program(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    run(pip.arg(requirements)).context("is PyPI reachable, and is this Python 3.11 or newer?")?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
