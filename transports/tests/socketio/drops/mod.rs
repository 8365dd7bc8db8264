//! Lines that are lost at every moment of a change from polling to a WebSocket, by clients that do what the official
//! one does.
//!
//! `PULSEBOARD_DROPS` asks for more of them, `PULSEBOARD_SEED` for others.

mod client;
mod line;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::world::World;
use client::Client;

const CLIENTS: u64 = 16;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_lost_at_any_moment_of_a_change_over_loses_and_doubles_nothing() {
    let (drops, seed) = (asked("PULSEBOARD_DROPS", 640), asked("PULSEBOARD_SEED", 1));
    let world = World::start().await;
    let published: Arc<Vec<AtomicU64>> = Arc::new((0..CLIENTS).map(|_| AtomicU64::new(0)).collect());
    let mut clients = Vec::new();
    for id in 0..CLIENTS {
        clients.push(Client::join(world.address, id, seed).await);
    }
    let over = Arc::new(AtomicBool::new(false));
    let publishing = tokio::spawn({
        let (hub, over, published) = (world.hub.clone(), Arc::clone(&over), Arc::clone(&published));
        let mut random = StdRng::seed_from_u64(seed);
        async move {
            while !over.load(Ordering::Acquire) {
                let id = random.random_range(0..CLIENTS);
                let topic = client::topic(id).parse().expect("a topic");
                for _ in 0..random.random_range(1..=3) {
                    let n = published[usize::try_from(id).expect("few")].fetch_add(1, Ordering::AcqRel);
                    hub.publish(&topic, format!("{{\"n\":{n}}}").into()).expect("published");
                }
                tokio::time::sleep(Duration::from_micros(random.random_range(0..500))).await;
            }
        }
    });
    let losing = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            for _ in 0..drops / CLIENTS {
                client.lose_a_line().await;
            }
            client
        })
    });
    let losing: Vec<_> = losing.collect();
    let mut clients = Vec::new();
    for client in losing {
        clients.push(client.await.expect("no fault"));
    }
    over.store(true, Ordering::Release);
    publishing.await.expect("published");
    let mut moments = std::collections::BTreeMap::new();
    for (client, published) in clients.iter_mut().zip(&*published) {
        client.hear_up_to(published.load(Ordering::Acquire)).await;
        for (moment, count) in &client.moments {
            *moments.entry(*moment).or_insert(0u64) += count;
        }
    }
    let events: u64 = published.iter().map(|published| published.load(Ordering::Acquire)).sum();
    println!("{drops} drops, {events} events, each heard once and in order; {moments:?}");
    assert_eq!(moments.values().sum::<u64>(), drops / CLIENTS * CLIENTS);
}
