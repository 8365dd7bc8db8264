//! Three nodes and the servers over which they share what is published: Pulseboard over three NATS servers, Socket.IO over Redis.

use std::path::Path;

use anyhow::{Result, bail};
use broker_jetstream::test_server::{self, TestCluster, TestServer};

use super::{
    PULSEBOARD, Subject, Wires, node, pulseboard,
    redis::{self, Redis},
};
use crate::load::wire::{RESUMED_SOCKET_IO, SOCKET_IO};

/// A program of which several nodes share what is published.
#[derive(Clone, Copy)]
pub(crate) struct ClusterProgram {
    /// Its name in tables and on the command line.
    pub(crate) name: &'static str,
    /// Starts three nodes, and what they share; the error says what to do when something is missing.
    pub(crate) start: fn(&Path) -> Result<Cluster>,
    /// The name and the version of what it adds to a single node.
    pub(crate) version: fn() -> Vec<(&'static str, Result<String>)>,
}

/// Ours, and the peer that it is compared with.
pub(crate) const CLUSTERS: [ClusterProgram; 2] = [
    ClusterProgram {
        name: PULSEBOARD.name,
        start: start_pulseboard,
        version: || vec![("nats-server", Ok(NATS.to_owned()))],
    },
    ClusterProgram {
        name: PEER,
        start: start_socket_io,
        version: || vec![("Redis", redis::version()), (ADAPTER, node::version(ADAPTER))],
    },
];

/// Nodes that run, and what they share.
pub(crate) struct Cluster {
    /// The nodes. Publications go to the first.
    pub(crate) nodes: Vec<Subject>,
    /// Ends after them.
    store: Store,
}

enum Store {
    Nats(TestCluster),
    Redis(Redis),
}

const NODES: usize = 3;
/// The version of the NATS servers.
const NATS: &str = "2.15.1";
const PEER: &str = "socket.io";
const ADAPTER: &str = "@socket.io/redis-streams-adapter";
const PEER_WIRES: Wires = &[
    ("/socket.io/?EIO=4&transport=websocket", &SOCKET_IO),
    ("/socket.io/?EIO=4&transport=websocket", &RESUMED_SOCKET_IO),
];

/// JetStream keeps three copies and answers once two servers have the entry. It syncs its disks every two minutes, which is its default.
fn start_pulseboard(binary: &Path) -> Result<Cluster> {
    if !test_server::is_installed(NATS) {
        bail!("nats-server {NATS} is not installed: `cargo xtask setup --tests` does that");
    }
    let servers = TestCluster::start(NATS);
    let nodes = (0..NODES).map(|_| pulseboard::start_node(binary, &servers.urls())).collect::<Result<_>>()?;
    Ok(Cluster { nodes, store: Store::Nats(servers) })
}

fn start_socket_io(_: &Path) -> Result<Cluster> {
    let redis = Redis::start()?;
    let start = |_| node::start((PEER, PEER_WIRES), ("socket_io_redis.mjs", ADAPTER), &[redis.url()]);
    let nodes = (0..NODES).map(start).collect::<Result<_>>()?;
    Ok(Cluster { nodes, store: Store::Redis(redis) })
}

impl Cluster {
    /// The processes of what the nodes share.
    pub(crate) fn store_pids(&self) -> Vec<u32> {
        match &self.store {
            Store::Nats(cluster) => cluster.servers.iter().filter_map(TestServer::pid).collect(),
            Store::Redis(redis) => vec![redis.pid()],
        }
    }

    /// All processes: the nodes, and what they share.
    pub(crate) fn pids(&self) -> Result<Vec<u32>> {
        let mut pids = self.store_pids();
        for node in &self.nodes {
            pids.extend(node.pids()?);
        }
        Ok(pids)
    }
}
