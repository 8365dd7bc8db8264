//! Events by a seed over three nodes and three NATS servers: publications, changes of transport and node, and parts that fail. Nothing is
//! lost, doubled or shuffled, everything acknowledged is there, and every verdict is true.
//!
//! `PULSEBOARD_SEED` and `PULSEBOARD_EVENTS` choose another run. One that fails is shortened, and its plan is written to a file, which
//! `PULSEBOARD_PLAN` runs again.

mod board;
mod client;
mod history;
mod plan;
mod publications;
mod rolling;
#[path = "../support/mod.rs"]
mod support;

use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::Arc, time::Duration};

use common::Cursor;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::timeout,
};

use crate::{
    board::Board,
    client::{Beginning, Client, Connected, Order},
    history::Stretch,
    plan::{CLIENTS, Event, Log, draw, shrink},
    publications::Publications,
};

/// A client comes back within this time, whatever fails.
const PATIENCE: Duration = Duration::from_secs(120);
/// A client waits this long for a node while some are stopped.
const WELCOME: Duration = Duration::from_secs(3);
/// Shorter plans that are tried of one that fails.
const TRIES: usize = 24;

fn number(name: &str, default: usize) -> usize {
    env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_shuffled_whatever_fails() {
    let (seed, events) = (number("PULSEBOARD_SEED", 1), number("PULSEBOARD_EVENTS", 300));
    let plan = match env::var_os("PULSEBOARD_PLAN") {
        Some(file) => serde_json::from_slice(&fs::read(file).expect("a file")).expect("a plan"),
        None => draw(seed as u64, events, transport_probes::all().len()),
    };
    let fault = match run(&plan).await {
        Ok(heard) => return println!("{heard:?}"),
        Err(fault) => fault,
    };
    eprintln!("event {}: {}; looking for a shorter plan that fails", fault.at, fault.what);
    let mut shortest = fault;
    let begun = plan[..plan.len().min(shortest.at + 1)].to_vec();
    let short = shrink(begun, TRIES, async |plan| match run(plan).await {
        Ok(_) => false,
        Err(fault) => {
            shortest = fault;
            true
        }
    })
    .await;
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("plan-{seed}.json"));
    fs::write(&file, serde_json::to_string_pretty(&short).expect("JSON")).expect("written");
    panic!(
        "{}: {} events of seed {seed} are left, in PULSEBOARD_PLAN={}",
        shortest.what,
        short.len(),
        file.display()
    );
}

/// A fault, and the event at which it was noticed.
struct Fault {
    at: usize,
    what: String,
}

async fn run(plan: &[Event]) -> Result<Heard, Fault> {
    let mut run = Run::start().await;
    for (at, event) in plan.iter().enumerate() {
        run.step(*event).await.map_err(|what| Fault { at, what: format!("{event:?}: {what}") })?;
    }
    run.finish().await.map_err(|what| Fault { at: plan.len(), what })
}

/// The size of a run in which everything was heard once and in order.
#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
struct Heard {
    publications: usize,
    failures: usize,
    stretches: usize,
}

struct Run {
    board: Board,
    publications: Publications,
    orders: Vec<mpsc::Sender<Order>>,
    connected: Connected,
    clients: JoinSet<(usize, Result<Vec<Stretch>, String>)>,
    /// The place before everything.
    start: Cursor,
}

impl Run {
    async fn start() -> Self {
        let mut run = Self::without_clients().await;
        let start = run.start;
        for _ in 0..CLIENTS {
            run.add_client(Beginning {
                transport: 0,
                node: 0,
                since: start,
                follows_values: true,
                patience: WELCOME,
            });
        }
        run
    }

    async fn without_clients() -> Self {
        let board = Board::start().await;
        let start = first_place(&board).await;
        let publications = Publications::new(board.addresses());
        let connected = Arc::new(watch::channel(0).0);
        Self { board, publications, orders: Vec::new(), connected, clients: JoinSet::new(), start }
    }

    fn add_client(&mut self, beginning: Beginning) {
        let (orders, received) = mpsc::channel(1);
        let number = self.orders.len();
        let client = Client::new(self.board.addresses(), received, self.connected.clone(), beginning);
        self.clients.spawn(async move { (number, client.follow().await) });
        self.orders.push(orders);
    }

    async fn step(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Publish { log, node } => self.publications.begin(log, node).await.map(drop),
            Event::Begin(failure) => {
                self.board.begin(failure).await;
                Ok(())
            }
            Event::End(failure) => {
                self.board.end(failure);
                Ok(())
            }
            Event::Switch { client, transport, node, since } => {
                let (done, is_done) = oneshot::channel();
                let order = Order::Switch { transport, node, since, done };
                let switched = async {
                    self.orders[client].send(order).await.ok()?;
                    is_done.await.ok()
                };
                match timeout(PATIENCE, switched).await {
                    Ok(Some(())) => Ok(()),
                    Ok(None) => Err(self.ended().await),
                    Err(_) => Err(format!("client {client} does not come back in {PATIENCE:?}")),
                }
            }
        }
    }

    /// The fault of a client that ended before its time.
    async fn ended(&mut self) -> String {
        match self.clients.join_next().await {
            Some(Ok((number, Err(fault)))) => format!("client {number}: {fault}"),
            Some(Ok((number, Ok(_)))) => format!("client {number} ended early"),
            Some(Err(panic)) => panic.to_string(),
            None => "no client is there".to_owned(),
        }
    }

    /// Mends everything, and has all clients hear all.
    async fn finish(mut self) -> Result<Heard, String> {
        self.board.heal();
        self.publications.all_end().await?;
        let mut last = Vec::new();
        for log in Log::ALL {
            last.push(self.publications.begin(log, 0).await?);
        }
        self.publications.all_end().await?;
        // And one that was never there before.
        let since = self.start;
        self.add_client(Beginning { transport: 0, node: 0, since, follows_values: true, patience: PATIENCE });
        for orders in &self.orders {
            // Whoever ended says why below.
            let _ = orders.send(Order::Finish(last.clone())).await;
        }
        let mut all = Vec::new();
        let count = self.orders.len();
        let heard = async {
            while let Some(ended) = self.clients.join_next().await {
                let (number, stretches) = ended.map_err(|panic| panic.to_string())?;
                all.push((number, stretches.map_err(|fault| format!("client {number}: {fault}"))?));
            }
            Ok::<_, String>(())
        };
        match timeout(PATIENCE, heard).await {
            Ok(heard) => heard?,
            Err(_) => {
                let heard: Vec<_> = all.iter().map(|(number, _)| number).collect();
                return Err(format!("of {count} clients only {heard:?} have heard all"));
            }
        }
        let ledger = self.publications.ledger.lock();
        for (number, stretches) in &all {
            for stretch in stretches {
                stretch
                    .check(&ledger)
                    .map_err(|fault| format!("client {number}, since {}: {fault}", stretch.since))?;
            }
        }
        Ok(Heard {
            publications: ledger.acknowledged.values().map(BTreeMap::len).sum(),
            failures: self.board.failures,
            stretches: all.iter().map(|(_, stretches)| stretches.len()).sum(),
        })
    }
}

/// The place of a board to which nothing was published yet.
async fn first_place(board: &Board) -> Cursor {
    let probe = transport_probes::all()[0];
    let ask = transport_probes::Ask::topics(&Log::ALL.map(Log::topic));
    let mut connection = probe.connect(board.addresses().of(0, 0), ask).await.expect("a node answers");
    match connection.frame().await {
        common::frame::ServerFrame::Welcome { head, .. } => head,
        other => panic!("a connection begins with welcome, not {other:?}"),
    }
}
