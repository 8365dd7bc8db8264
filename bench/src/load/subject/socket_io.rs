//! Socket.IO's own server on Node: one room, as its documentation shows it.

use std::path::Path;

use anyhow::Result;

use super::{Program, Subject, node};
use crate::load::wire::SOCKET_IO;

pub(super) const PROGRAM: Program = Program {
    name: "socket.io",
    start,
    version: |_| node::version("socket.io"),
    wires: &[("/socket.io/?EIO=4&transport=websocket", &SOCKET_IO)],
};

fn start(_: &Path) -> Result<Subject> {
    node::start((PROGRAM.name, PROGRAM.wires), ("socket_io.mjs", "socket.io"), &[])
}
