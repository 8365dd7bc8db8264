//! Twenty people chat over all transports while their lines are cut again and again, in mid-send and in mid-sentence, and
//! the server is killed once. Every acknowledged message is there once, and everyone has read the same list.
//! `PULSEBOARD_SEED` chooses another run; a failure names it.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod client;
#[path = "../support/mod.rs"]
mod support;
mod wire;

use std::{collections::HashSet, net::SocketAddr, path::Path, sync::Arc};

use client::{Acknowledged, People, Read};
use futures_util::future::join_all;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use serde_json::Value;
use support::binary::{ServerProcess, pulseboard};
use tokio::sync::watch;

const PEOPLE: u64 = 20;
const MESSAGES: usize = 200;

/// The server, on a thread that may wait for it.
async fn serve(data: &Path) -> ServerProcess {
    let data = data.to_owned();
    let starting = tokio::task::spawn_blocking(move || {
        let mut command = pulseboard();
        // All come from one address.
        command.env("PULSEBOARD_LIMITS__MESSAGES_PER_SECOND", "0");
        command.env("PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS", "0");
        ServerProcess::new(command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data))
    });
    starting.await.expect("it starts")
}

/// The log's place before anyone has said anything.
async fn place(to: SocketAddr) -> String {
    let page: Value =
        serde_json::from_str(&support::get(to, "/api/v1/chat/lobby/messages").await.body).expect("JSON");
    page["cursor"].as_str().expect("a place").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_people_on_bad_lines_and_a_killed_server_read_one_list() {
    let seed = std::env::var("PULSEBOARD_SEED").map_or(1, |text| text.parse().expect("a number"));
    println!("PULSEBOARD_SEED={seed}");
    let mut chance = SmallRng::seed_from_u64(seed);
    let data = tempfile::tempdir().expect("a folder");
    let mut server = serve(data.path()).await;
    let begin = place(server.address).await;
    let (moved, address) = watch::channel(server.address);
    let (acknowledged, mut count) = watch::channel(0);
    let people = Arc::new(People { address, acknowledged });
    let readers: Vec<_> = (0..PEOPLE)
        .map(|n| {
            tokio::spawn(Arc::clone(&people).read(n, begin.clone(), SmallRng::seed_from_u64(seed ^ (n << 8))))
        })
        .collect();
    let senders: Vec<_> = (0..PEOPLE)
        .map(|n| {
            tokio::spawn(Arc::clone(&people).say(n, MESSAGES, SmallRng::seed_from_u64(!seed ^ (n << 8))))
        })
        .collect();

    let when = chance.random_range(MESSAGES * 5..MESSAGES * 15);
    count.wait_for(|&count| count >= when).await.expect("messages are acknowledged");
    server.child.kill().expect("SIGKILL");
    server.child.wait().expect("it died");
    server = serve(data.path()).await;
    moved.send(server.address).expect("people wait for it");

    let told: Vec<Acknowledged> =
        join_all(senders).await.into_iter().flat_map(|told| told.expect("all was acknowledged")).collect();
    assert_eq!(told.len(), PEOPLE as usize * MESSAGES);
    // The last word, after which there is nothing to read.
    let mut last = SmallRng::seed_from_u64(seed);
    people.say_one(client::LAST, &mut last).await;
    let lists: Vec<Read> =
        join_all(readers).await.into_iter().map(|list| list.expect("all was read")).collect();

    let first = &lists[0];
    for (n, list) in lists.iter().enumerate() {
        assert!(list == first, "person {n} read another list than person 0");
    }
    let ids: HashSet<&str> = first.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids.len(), first.len(), "nothing is doubled");
    assert_eq!(first.len(), told.len() + 1, "nothing is there that nobody said");
    let places: HashSet<&(String, String)> = first.iter().collect();
    for one in &told {
        assert!(places.contains(one), "{one:?} was acknowledged and is not at its place");
    }
    for n in 0..PEOPLE {
        let own: Vec<&str> = ids_of(first, n).collect();
        assert!(
            own.len() == MESSAGES && own.is_sorted(),
            "what person {n} said is in the order in which it was said"
        );
    }
}

fn ids_of(list: &Read, person: u64) -> impl Iterator<Item = &str> {
    let prefix = format!("person-{person:02}-");
    list.iter().map(|(_, id)| id.as_str()).filter(move |id| id.starts_with(&prefix))
}
