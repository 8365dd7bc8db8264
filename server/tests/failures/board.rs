//! The board under test: three nodes, each behind relays to three NATS servers, and what may break of it.

use std::{
    env,
    fs::File,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use broker_jetstream::test_server::{TestCluster, TestRelay};
use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::task::{block_in_place, spawn_blocking};

use crate::{
    plan::{Failure, NODES},
    support::{
        TOKEN,
        binary::{ServerProcess, program, pulseboard},
        get, log_leader,
    },
};

const VERSION: &str = "2.11.11";
const STARTS: usize = 5;

/// The nodes' addresses; none where a node is dead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addresses(Arc<Mutex<[Option<SocketAddr>; NODES]>>);

impl Addresses {
    /// Returns the address of a node, or of the next one that is alive, `attempt` nodes on.
    pub(crate) fn of(&self, node: usize, attempt: usize) -> SocketAddr {
        let all = *self.0.lock();
        let turn = (0..NODES).map(|step| all[(node + attempt + step) % NODES]);
        turn.flatten().next().expect("one node is always alive")
    }
}

pub(crate) struct Board {
    nats: TestCluster,
    nodes: Vec<Node>,
    addresses: Addresses,
    /// The NATS server that is down.
    dead_server: Option<String>,
    /// The number of failures that began.
    pub(crate) failures: usize,
}

struct Node {
    process: Option<ServerProcess>,
    data: TempDir,
    relays: Vec<TestRelay>,
    is_stopped: bool,
    is_cut_off: bool,
}

impl Board {
    pub(crate) async fn start() -> Self {
        let nats = block_in_place(|| TestCluster::start(VERSION));
        let mut board =
            Self { nats, nodes: Vec::new(), addresses: Addresses::default(), dead_server: None, failures: 0 };
        for number in 0..NODES {
            let mut relays = Vec::new();
            for server in &board.nats.servers {
                relays.push(TestRelay::start(server.port()).await);
            }
            let data = tempfile::tempdir().expect("a folder");
            board.nodes.push(Node { process: None, data, relays, is_stopped: false, is_cut_off: false });
            board.start_node(number);
        }
        board
    }

    pub(crate) fn addresses(&self) -> Addresses {
        self.addresses.clone()
    }

    fn start_node(&mut self, number: usize) {
        let node = &mut self.nodes[number];
        let urls: Vec<_> = node.relays.iter().map(TestRelay::url).collect();
        let mut command = match env::var("PULSEBOARD_BINARIES") {
            Ok(paths) => {
                let paths: Vec<_> = paths.split(',').collect();
                program(paths[number % paths.len()])
            }
            Err(_) => pulseboard(),
        };
        command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(node.data.path());
        command.env("PULSEBOARD_BROKER__URL", urls.join(","));
        command.env("PULSEBOARD_BROKER__REPLICAS", "3");
        command.env("PULSEBOARD_OPERATOR__TOKEN", TOKEN);
        command.env("PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS", "0");
        command.env("PULSEBOARD_LIMITS__MESSAGES_PER_SECOND", "0");
        // It may give up where NATS chooses a leader for longer than it waits; who runs servers starts them again.
        let mut start = || ServerProcess::start(&mut command, log_of(number));
        let started = block_in_place(|| (1..STARTS).fold(start(), |started, _| started.or_else(|_| start())));
        let process = started.unwrap_or_else(|line| panic!("node {number} does not start: {line:?}"));
        self.addresses.0.lock()[number] = Some(process.address);
        node.process = Some(process);
    }

    /// Breaks something, if enough is left that works: one node, and two of NATS.
    pub(crate) async fn begin(&mut self, failure: Failure) {
        match failure {
            Failure::LeaderKilled => {
                if self.dead_server.is_some() {
                    return;
                }
                let Some(leader) = self.leader().await else { return };
                self.nats.named(&leader).kill();
                self.dead_server = Some(leader);
            }
            Failure::NodeKilled(number) | Failure::NodeStopped(number) | Failure::NodeCutOff(number) => {
                let whole = self.nodes.iter().filter(|node| node.is_whole()).count();
                let node = &mut self.nodes[number];
                if !node.is_whole() || whole == 1 {
                    return;
                }
                match failure {
                    Failure::NodeKilled(_) => {
                        self.addresses.0.lock()[number] = None;
                        // Dropping it kills it.
                        node.process = None;
                    }
                    Failure::NodeStopped(_) => node.stop(),
                    _ => node.cut_off().await,
                }
            }
        }
        self.failures += 1;
    }

    /// Ends a failure; nothing happens if it did not begin.
    pub(crate) fn end(&mut self, failure: Failure) {
        match failure {
            Failure::LeaderKilled => {
                if let Some(server) = self.dead_server.take() {
                    block_in_place(|| self.nats.named(&server).restart());
                }
            }
            Failure::NodeKilled(number) => {
                if self.nodes[number].process.is_none() {
                    self.start_node(number);
                }
            }
            Failure::NodeStopped(number) => self.nodes[number].go_on(),
            Failure::NodeCutOff(number) => self.nodes[number].mend(),
        }
    }

    /// Ends a node as its operator does, SIGTERM, and starts it again once it has ended.
    pub(crate) async fn restart_in_order(&mut self, number: usize) {
        let node = &mut self.nodes[number];
        self.addresses.0.lock()[number] = None;
        node.signal("-TERM");
        let mut process = node.process.take().expect("it runs");
        let status = spawn_blocking(move || process.child.wait()).await.expect("waited").expect("it ends");
        assert!(status.success(), "a node ends in order: {status}");
        self.start_node(number);
    }

    /// Ends all failures.
    pub(crate) fn heal(&mut self) {
        self.end(Failure::LeaderKilled);
        for number in 0..NODES {
            for failure in
                [Failure::NodeCutOff(number), Failure::NodeStopped(number), Failure::NodeKilled(number)]
            {
                self.end(failure);
            }
        }
    }

    /// The server that leads the log's stream, as a node that works tells it.
    async fn leader(&self) -> Option<String> {
        let node = self.nodes.iter().find(|node| node.is_whole())?;
        let ready = get(node.process.as_ref()?.address, "/readyz").await.body;
        log_leader(&ready).map(str::to_owned)
    }
}

/// A node's log goes to a file of the folder that `PULSEBOARD_LOGS` names.
fn log_of(number: usize) -> Stdio {
    let Some(folder) = env::var_os("PULSEBOARD_LOGS") else { return Stdio::null() };
    let file = Path::new(&folder).join(format!("node-{number}.log"));
    File::options().create(true).append(true).open(file).expect("the folder is writable").into()
}

impl Node {
    fn is_whole(&self) -> bool {
        self.process.is_some() && !self.is_stopped && !self.is_cut_off
    }

    fn stop(&mut self) {
        self.is_stopped = true;
        self.signal("-STOP");
    }

    fn go_on(&mut self) {
        if std::mem::take(&mut self.is_stopped) {
            self.signal("-CONT");
        }
    }

    fn signal(&self, signal: &str) {
        let Some(process) = &self.process else { return };
        let sent = Command::new("kill").arg(signal).arg(process.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {signal} failed");
    }

    async fn cut_off(&mut self) {
        self.is_cut_off = true;
        for relay in &self.relays {
            relay.cut().await;
        }
    }

    fn mend(&mut self) {
        if std::mem::take(&mut self.is_cut_off) {
            self.relays.iter().for_each(TestRelay::mend);
        }
    }
}
