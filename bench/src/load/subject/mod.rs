//! The servers that are measured, all on loopback, each a child process with a folder of its own.

mod cluster;
mod nchan;
mod nginx;
mod node;
mod pulseboard;
mod redis;
mod slow_disk;
mod socket_io;
mod ws;

use std::{net::SocketAddr, path::Path};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{child::Running, process, wire::Wire};

pub(crate) use cluster::{CLUSTERS, Cluster, ClusterProgram};
pub(crate) use nginx::Nginx;
pub(crate) use pulseboard::{
    Account, LAB_NAMES, TOKEN, start_beside_engine, start_on_disk, start_with_account, start_with_page,
};

/// A program that can be measured.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    /// Its name in tables and on the command line.
    pub(crate) name: &'static str,
    /// Starts it; the error says what to do when it is missing.
    pub(crate) start: fn(&Path) -> Result<Subject>,
    /// The version that runs here.
    pub(crate) version: fn(&Path) -> Result<String>,
    /// The wires it has, in its dialect, each behind its path.
    wires: Wires,
}

/// Wires, each behind its path.
type Wires = &'static [(&'static str, &'static Wire)];

/// Ours and its peers.
pub(crate) const PULSEBOARD: Program = pulseboard::PROGRAM;
/// Ours, of a commit before.
pub(crate) const BEFORE: Program = pulseboard::BEFORE;
/// Ours, with accounts.
pub(crate) const SIGNED_IN: Program = pulseboard::SIGNED_IN;
/// The peers that the server is compared with.
pub(crate) const PEERS: [Program; 3] = [nchan::PROGRAM, ws::PROGRAM, socket_io::PROGRAM];

/// A server that runs.
pub(crate) struct Subject {
    /// Its name in tables.
    pub(crate) name: &'static str,
    /// The address of the server.
    pub(crate) address: SocketAddr,
    /// The address that subscribers connect to: the server's, or that of a simulated network before it.
    pub(crate) entrance: SocketAddr,
    /// The proof of an account that subscribers and publishers send, as a line of the head; empty where none is needed.
    pub(crate) proof: String,
    /// The headers that subscribers send with each request, as lines of its head.
    pub(crate) manners: String,
    /// The request that publishes.
    pub(crate) publish: Publish,
    /// The wires it has, in its dialect, each behind its path.
    wires: Wires,
    running: Running,
    /// Removed with it.
    _folder: TempDir,
}

/// The request that publishes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Publish {
    /// The path of the request.
    pub(crate) path: &'static str,
    /// The text around the payload.
    pub(crate) around: (&'static str, &'static str),
}

impl Program {
    /// Returns true if it is no peer: it must be there.
    pub(crate) fn is_ours(&self) -> bool {
        [PULSEBOARD.name, BEFORE.name, SIGNED_IN.name].contains(&self.name)
    }

    /// Returns true if the server speaks this wire.
    pub(crate) fn speaks(&self, wire: &Wire) -> bool {
        self.wires.iter().any(|(_, own)| own.name == wire.name)
    }
}

impl Subject {
    fn new(
        (name, wires): (&'static str, Wires),
        address: SocketAddr,
        publish: Publish,
        running: Running,
        folder: TempDir,
    ) -> Self {
        let (entrance, manners, proof) = (address, String::new(), String::new());
        Self { name, address, entrance, proof, manners, publish, wires, running, _folder: folder }
    }

    /// The path of a wire, and how it is spoken here.
    pub(crate) fn dialect(&self, wire: &Wire) -> Result<(&'static str, &'static Wire)> {
        let found = self.wires.iter().find(|(_, own)| own.name == wire.name);
        found.copied().with_context(|| format!("{} has no {}", self.name, wire.name))
    }

    /// All its processes.
    pub(crate) fn pids(&self) -> Result<Vec<u32>> {
        self.running.pids()
    }

    /// Ends it at once: SIGKILL.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.running.kill()
    }

    /// Resident bytes of all its processes.
    pub(crate) fn resident(&self) -> Result<u64> {
        process::resident(&self.pids()?)
    }
}

fn folder() -> Result<TempDir> {
    tempfile::Builder::new().prefix("pulseboard-bench-").tempdir().context("cannot make a temporary folder")
}
