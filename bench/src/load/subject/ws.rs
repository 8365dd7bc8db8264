//! The `ws` package on Node, bare: what a few lines of the commonest WebSocket server cost.

use std::path::Path;

use anyhow::Result;

use super::{Program, Subject, node};
use crate::load::wire::WEBSOCKET;

pub(super) const PROGRAM: Program =
    Program { name: "ws", start, version: |_| node::version("ws"), wires: &[("/", &WEBSOCKET)] };

fn start(_: &Path) -> Result<Subject> {
    node::start((PROGRAM.name, PROGRAM.wires), ("ws.mjs", "ws"), &[])
}
