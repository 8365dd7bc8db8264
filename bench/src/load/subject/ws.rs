//! The `ws` package on Node, bare: what a few lines of the commonest WebSocket server cost.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::{Program, Publish, Subject, folder};
use crate::load::{child::Running, version};

pub(super) const PROGRAM: Program = Program {
    name: "ws",
    start,
    version: |_| {
        let node = version::first_line(Command::new("node").arg("--version"))?;
        let manifest = std::fs::read_to_string(packages().join("ws/package.json"))?;
        let ws = manifest.lines().find_map(|line| line.trim().strip_prefix(r#""version": ""#));
        let ws = ws.and_then(|rest| rest.split('"').next()).unwrap_or("of unknown version");
        Ok(format!("ws {ws} on Node {node}"))
    },
    paths: &[("WebSocket", "/")],
};

fn start(_: &Path) -> Result<Subject> {
    if !packages().join("ws").is_dir() {
        bail!("the package ws is not there: npm install in end2end");
    }
    let mut command = Command::new("node");
    command.arg(home().join("peers/ws.mjs")).arg(packages().join("ws/index.js")).stderr(Stdio::null());
    let (running, said) = Running::start_talking(&mut command, "listening on ")
        .context("Node is needed: apt install nodejs")?;
    let address = said.parse().with_context(|| format!("{said:?} is not an address"))?;
    let publish = Publish { path: "/publish", around: ("", "") };
    Ok(Subject { name: PROGRAM.name, address, publish, paths: PROGRAM.paths, running, _folder: folder()? })
}

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn packages() -> PathBuf {
    home().join("../end2end/node_modules")
}
