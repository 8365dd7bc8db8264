//! The server stops.

use std::time::Duration;

use common::{
    close,
    frame::{ByeReason, ServerFrame},
};

use crate::{
    probe::{Ask, Probe},
    world::World,
};

pub async fn everyone_is_told_when_to_come_back(probe: &dyn Probe) {
    let world = World::start().await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        let mut client = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("connected");
        client.verdict().await;
        client.heartbeat().await;
        clients.push(client);
    }
    world.publish("log/a", "1");
    world.hub.close(ByeReason::Shutdown, 1000, 500);
    for client in &mut clients {
        let frame = match client.frame().await {
            ServerFrame::Event(event) if event.data.get() == "1" => client.frame().await,
            other => panic!("what is in the log goes before the bye, not {other:?}"),
        };
        let ServerFrame::Bye { reason, retry_ms } = frame else { panic!("bye was due, not {frame:?}") };
        assert_eq!(reason, ByeReason::Shutdown);
        assert!((1000..1500).contains(&retry_ms));
        let code = client.end().await;
        assert!(code.is_none_or(|code| code == close::RESTART), "{code:?}");
    }
    drop(clients);
    tokio::time::timeout(Duration::from_secs(10), world.hub.drained()).await.expect("drained");
    let mut late = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("an answer");
    assert!(matches!(late.frame().await, ServerFrame::Bye { reason: ByeReason::Shutdown, .. }));
}
