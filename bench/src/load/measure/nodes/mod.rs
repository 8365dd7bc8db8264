//! Three nodes that share what is published, beside three of a peer. Subscribers are spread evenly over the nodes, and the publisher posts to
//! the first.

mod killed;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::{Compared, PAYLOAD, Plan, SETTLE};
use crate::load::{
    measured::Measured,
    pause::pause,
    payload::PayloadStamp,
    publisher::Publisher,
    run::{Load, Outcome, Pace, publish},
    subject::{CLUSTERS, Cluster, ClusterProgram, PULSEBOARD, Subject},
    subscriber_pool::SubscriberPool,
    wire::{SOCKET_IO, WEBSOCKET, Wire},
};

pub(crate) use killed::Killed;

/// The figures of several nodes.
#[derive(Debug)]
pub(crate) struct Nodes {
    /// The programs over which nodes share what is published, each with its version.
    pub(crate) versions: Vec<(&'static str, String)>,
    /// Load by load: ours by Socket.IO, the peer by Socket.IO, and ours by WebSocket.
    pub(crate) compared: Vec<Compared>,
    /// One node killed under its subscribers.
    pub(crate) killed: Vec<Killed>,
}

/// The loads: subscribers, pace, and connections that publish in turns. Two cores carry them together with seven servers and the load
/// generator.
const LOADS: [(usize, Pace, usize); 5] = [
    (900, Pace::Steady(20), 1),
    (300, Pace::Steady(100), 1),
    (30, Pace::Steady(1000), 1),
    (300, Pace::Saturating, 1),
    (300, Pace::Saturating, 32),
];
/// A cluster whose nodes do not hear each other after this time is broken.
const PATIENCE: Duration = Duration::from_secs(20);
/// The interval between two publications that nobody counts.
const LOOK: Duration = Duration::from_millis(50);

/// A cluster on one of its wires.
struct Contestant<'a> {
    name: &'static str,
    cluster: &'a Cluster,
    wire: &'static Wire,
    /// Connections that publish.
    publishers: usize,
}

impl Measured for Contestant<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn publisher(&self) -> Result<Publisher> {
        Publisher::connect_several(&self.cluster.nodes[0], self.publishers)
    }

    fn pids(&self) -> Result<Vec<u32>> {
        self.cluster.pids()
    }

    fn store_pids(&self) -> Vec<u32> {
        self.cluster.store_pids()
    }
}

/// Measures ours, and the peer if it is installed and wanted.
pub(crate) fn measure(plan: &Plan, peers: Option<&[String]>) -> Result<Nodes> {
    let wanted = |program: &ClusterProgram| {
        program.name == PULSEBOARD.name
            || peers.is_none_or(|names| names.iter().any(|name| name == program.name))
    };
    let programs: Vec<ClusterProgram> = CLUSTERS.into_iter().filter(wanted).collect();
    let versions = programs.iter().flat_map(|program| (program.version)());
    let versions =
        versions.map(|(name, said)| (name, said.unwrap_or("not installed: left out".into()))).collect();
    let compared = compare(plan, &programs)?;
    let killed = killed::measure(plan, &programs)?;
    Ok(Nodes { versions, compared, killed })
}

fn compare(plan: &Plan, programs: &[ClusterProgram]) -> Result<Vec<Compared>> {
    let mut clusters = Vec::new();
    for program in programs {
        clusters.extend(start(plan, program)?.map(|cluster| (program.name, cluster)));
    }
    let mut contestants: Vec<Contestant<'_>> = clusters
        .iter()
        .map(|(name, cluster)| Contestant { name, cluster, wire: &SOCKET_IO, publishers: 1 })
        .collect();
    let ours = contestants.first().map(|ours| Contestant {
        name: "Pulseboard by WebSocket",
        wire: &WEBSOCKET,
        ..*ours
    });
    contestants.extend(ours);
    let mut compared = Vec::new();
    for (subscribers, pace, publishers) in LOADS {
        if !plan.every_rate && !matches!(pace, Pace::Steady(100) | Pace::Saturating) {
            continue;
        }
        let load = Load { pace, bytes: PAYLOAD, time: plan.time };
        let by = if publishers > 1 { format!(" by {publishers} publishers") } else { String::new() };
        let what = format!("{subscribers} subscribers, {pace}{by}");
        contestants.iter_mut().for_each(|one| one.publishers = publishers);
        compared.push(plan.take_turns(what, pace, &contestants, |one| run(one, subscribers, load))?);
    }
    Ok(compared)
}

fn run(contestant: &Contestant<'_>, subscribers: usize, load: Load) -> Result<Outcome> {
    let mut pool = SubscriberPool::new()?;
    spread(&mut pool, &contestant.cluster.nodes, contestant.wire, subscribers)?;
    pool.expect_publishers(contestant.publishers);
    publish(contestant, &mut pool, load)
}

/// Connects subscribers, as many to each node.
fn spread(pool: &mut SubscriberPool, nodes: &[Subject], wire: &Wire, subscribers: usize) -> Result<()> {
    nodes.iter().try_for_each(|node| pool.join(node, wire, subscribers / nodes.len(), 1))
}

/// Starts a cluster, and waits until what is published at the first node is heard at each. Ours must be there; a peer may not be.
fn start(plan: &Plan, program: &ClusterProgram) -> Result<Option<Cluster>> {
    match (program.start)(&plan.binary) {
        Ok(cluster) => wait_until_shared(&cluster).map(|()| Some(cluster)),
        Err(error) if program.name == PULSEBOARD.name => Err(error),
        Err(error) => {
            eprintln!("bench: without nodes of {}: {error:#}", program.name);
            Ok(None)
        }
    }
}

fn wait_until_shared(cluster: &Cluster) -> Result<()> {
    let mut publisher = Publisher::connect(&cluster.nodes[0])?;
    let started = Instant::now();
    let mut number = 0;
    for node in &cluster.nodes {
        let mut pool = SubscriberPool::new()?;
        pool.join(node, &SOCKET_IO, 1, 1)?;
        pool.accompany(&publisher)?;
        while pool.received() == 0 || !publisher.is_answered() {
            if started.elapsed() > PATIENCE {
                bail!("a node of {} does not hear what is published at another", node.name);
            }
            if pool.received() == 0 {
                number += 1;
                publisher.prepare(PayloadStamp { number, sent_at: 0 }, PAYLOAD);
                publisher.send()?;
            }
            pool.turn(LOOK, Some(&mut publisher), &mut |_, _| ())?;
        }
    }
    // A publication that is still on its way to other nodes counts for nobody.
    pause(SETTLE);
    Ok(())
}
