//! The server stops.

use std::time::Duration;

use common::{
    close,
    frame::{ByeReason, ServerFrame},
};
use transport_probes::{Ask, LONG_WAIT, Probe};

use crate::world::World;

pub async fn everyone_is_told_when_to_come_back(probe: &dyn Probe) {
    let world = World::start().await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["log/a"]) };
        let mut client = probe.connect(world.address, ask).await.expect("connected");
        client.verdict().await;
        client.heartbeat().await;
        clients.push(client);
    }
    if probe.holds_a_connection() {
        world.sessions(5).await;
    }
    world.publish("log/a", "1");
    world.hub.close(ByeReason::Shutdown, 1000, 500);
    for client in &mut clients {
        if probe.holds_a_connection() {
            assert_eq!(client.event().await.data.get(), "1", "what is in the log goes before the bye");
        }
        let (reason, retry_ms) = loop {
            match client.frame().await {
                ServerFrame::Bye { reason, retry_ms } => break (reason, retry_ms),
                ServerFrame::Heartbeat { .. } => {}
                // A client that holds no connection mostly comes too late for it, and gets it after the restart; its poll may
                // have been on the way.
                ServerFrame::Event(event) if !probe.holds_a_connection() => {
                    assert_eq!(event.data.get(), "1");
                }
                other => panic!("bye was due, not {other:?}"),
            }
        };
        assert_eq!(reason, ByeReason::Shutdown);
        assert!((1000..1500).contains(&retry_ms));
        let code = client.end().await;
        assert!(code.is_none_or(|code| code == close::RESTART), "{code:?}");
    }
    drop(clients);
    tokio::time::timeout(Duration::from_secs(10), world.hub.drained()).await.expect("drained");
    let mut late = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("an answer");
    assert_eq!(late.bye().await.0, ByeReason::Shutdown);
}
