//! Those who cannot be served now: each is told so, and none is in the others' way.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::timeout,
};

use crate::{
    client::{OPEN, Polling, Socket, request},
    world::World,
};

/// Only a broken promise waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The status of a handshake on polling that comes from there.
async fn handshake(from: &str, to: SocketAddr) -> u16 {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::new(from.parse().expect("an address"), 0)).expect("an address of this machine");
    let mut line = socket.connect(to).await.expect("the server accepts");
    let text = format!("GET /socket.io/?{OPEN} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n");
    line.write_all(text.as_bytes()).await.expect("written");
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.expect("read");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_were_turned_away_leave_room_for_others_and_go_soon() {
    let world = World::with(|limits| {
        limits.connections_per_address = 1;
        limits.stall = Duration::from_secs(3600);
    })
    .await;
    let mut first = Socket::open(world.address, "").await;
    first.join("{}").await;
    let mut turned_away = Vec::new();
    while turned_away.len() < 16 {
        turned_away.push(Polling::open(world.address).await);
    }
    // Some have a namespace, in which they are to be told; none asks.
    for polling in &turned_away[..8] {
        assert_eq!(polling.post("40").await.status, 200);
    }
    assert_eq!(request(world.address, "GET", OPEN, "", "").await.status, 503, "enough of one address");
    assert_eq!(handshake("127.0.0.2", world.address).await, 200, "another has its own places");
    let gone = async {
        for polling in &turned_away {
            while polling.post("40").await.status == 200 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    };
    assert!(timeout(PATIENCE, gone).await.is_ok(), "they wait for as long as a client that was let in");
    assert_eq!(request(world.address, "GET", OPEN, "", "").await.status, 200);
}
