//! A rolling restart: one node after the other is told to end while everyone is connected, and is started again.
//!
//! `PULSEBOARD_CLIENTS` chooses how many follow the board. `PULSEBOARD_BINARIES` names the nodes' programs, with commas between, so that
//! several versions run side by side.

use std::time::Duration;

use tokio::time::{interval, timeout};

use crate::{
    PATIENCE, Run,
    client::Beginning,
    number,
    plan::{Log, NODES},
};

/// Publications a second meanwhile.
const RATE: u64 = 4;
/// Clients that come at once at the beginning.
const AT_ONCE: usize = 200;
/// Few ask again and again: a crowd of them would measure this machine.
const HELD: [&str; 4] = ["websocket", "sse", "http_stream", "socketio"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_takes_nothing_from_anyone() {
    let clients = number("PULSEBOARD_CLIENTS", 120);
    let mut run = Run::without_clients().await;
    let probes = transport_probes::all();
    let held: Vec<usize> = (0..probes.len()).filter(|at| HELD.contains(&probes[*at].entry().id)).collect();
    assert_eq!(held.len(), HELD.len(), "they are still called so");
    for client in 0..clients {
        let transport = if client < probes.len() { client } else { held[client % held.len()] };
        let beginning = Beginning {
            transport,
            node: client,
            since: run.start,
            follows_values: client < probes.len(),
            patience: PATIENCE,
        };
        run.add_client(beginning);
        if client % AT_ONCE == 0 {
            everyone_is_there(&run, client + 1).await;
        }
    }
    let mut beats = interval(Duration::from_millis(1000 / RATE));
    for node in 0..NODES {
        // Everyone is there before a node goes.
        everyone_is_there(&run, clients).await;
        let Run { board, publications, .. } = &mut run;
        let restart = board.restart_in_order(node);
        let mut restart = std::pin::pin!(restart);
        let mut count = 0;
        loop {
            tokio::select! {
                () = &mut restart => break,
                _ = beats.tick() => {
                    count += 1;
                    publications.begin(Log::ALL[count % 2], count).await.expect("it is stored");
                }
            }
        }
    }
    everyone_is_there(&run, clients).await;
    let heard = run.finish().await.unwrap_or_else(|fault| panic!("{fault}"));
    println!("{heard:?}");
}

async fn everyone_is_there(run: &Run, clients: usize) {
    let mut connected = run.connected.subscribe();
    let waited = timeout(PATIENCE, connected.wait_for(|count| *count == clients)).await;
    assert!(waited.is_ok(), "{} of {clients} are connected", *run.connected.borrow());
}
