//! Starts the peers that run on Node: a script beside this crate, and a package of npm.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::{Publish, Subject, Wires, folder};
use crate::load::{child::Running, version};

/// Starts `peers/SCRIPT` with these arguments and waits until it says where it listens.
pub(super) fn start(
    named: (&'static str, Wires),
    (script, package): (&str, &str),
    arguments: &[String],
) -> Result<Subject> {
    if !packages().join(package).is_dir() {
        bail!("the package {package} is not there: npm ci in bench/peers");
    }
    let mut command = Command::new("node");
    command.arg(peers().join(script)).args(arguments).stderr(Stdio::null());
    let (running, said) = Running::start_talking(&mut command, "listening on ")
        .context("Node is needed: https://nodejs.org, or apt install nodejs")?;
    let address = said.parse().with_context(|| format!("{said:?} is not an address"))?;
    let publish = Publish { path: "/publish", around: ("", "") };
    Ok(Subject::new(named, address, publish, running, folder()?))
}

/// The package's version and Node's.
pub(super) fn version(package: &str) -> Result<String> {
    let node = version::first_line(Command::new("node").arg("--version"))?;
    let manifest = std::fs::read_to_string(packages().join(package).join("package.json"))?;
    let found = manifest.lines().find_map(|line| line.trim().strip_prefix(r#""version": ""#));
    let found = found.and_then(|rest| rest.split('"').next()).unwrap_or("of unknown version");
    Ok(format!("{package} {found} on Node {node}"))
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn packages() -> PathBuf {
    peers().join("node_modules")
}
