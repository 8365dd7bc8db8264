//! Made-up bytes at the front door: requests split anywhere, pipelined, with bodies where none belong, to live addresses and plain
//! ones, directly and through nginx. The model: one answer for each request, in order, and nothing after the one that closes.
//!
//! A few thousand cases with every test run. `PULSEBOARD_FUZZ_CASES` says how many instead, `PULSEBOARD_SEED` from which seed on; a failure names its own.

mod request;
mod run;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use tokio::task::JoinSet;

use super::support::{TestServer, nginx::Nginx, start_with};

/// As many cases as a test run takes, and as many at once.
const CASES: u64 = 3_000;
const AT_ONCE: usize = 16;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

async fn start() -> TestServer {
    start_with(|config| {
        config.limits.connections = 0;
        config.limits.connections_per_address = 0;
        config.limits.messages_per_second = 0;
    })
    .await
}

/// Runs all cases against `to`.
async fn all(to: SocketAddr, proxied: bool) {
    let (cases, seed) = (number("PULSEBOARD_FUZZ_CASES", CASES), number("PULSEBOARD_SEED", 1));
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let next = Arc::clone(&next);
        tasks.spawn(async move {
            loop {
                let nth = next.fetch_add(1, Relaxed);
                if nth >= cases {
                    return;
                }
                run::case(to, seed + nth, proxied).await;
                if nth > 0 && nth.is_multiple_of(50_000) {
                    eprintln!("{nth} cases without a difference");
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("no difference");
    }
    eprintln!("{cases} cases from seed {seed} without a difference (through nginx: {proxied})");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_has_one_answer_in_order() {
    let server = start().await;
    all(server.address, false).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_has_one_answer_in_order_through_nginx() {
    let server = start().await;
    let nginx = Nginx::keeping_connections(&server, 8, "").await;
    all(nginx.address, true).await;
    drop(nginx);
    server.stop().await;
}
