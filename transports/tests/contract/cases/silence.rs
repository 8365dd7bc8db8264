//! When there is nothing to say.

use std::time::Duration;

use transport_probes::{Ask, LONG_WAIT, Probe};
use transports::gate::Limits;

use crate::world::{Make, World};

pub async fn a_heartbeat_moves_the_cursor_past_what_others_saw(probe: &dyn Probe) {
    let world = World::make(Make { heartbeat: Duration::from_millis(200), ..Make::default() }).await;
    let mut client = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("connected");
    client.verdict().await;
    client.heartbeat().await;
    let head = world.publish("log/other", "1");
    // A poll may be under way whose response is from before.
    while !probe.holds_a_connection() && client.heartbeat().await != head {}
    assert_eq!(client.heartbeat().await, head);
    assert_eq!(client.heartbeat().await, head, "and goes on beating");
}

pub async fn a_client_that_vanishes_is_let_go(probe: &dyn Probe) {
    // Long-polling may notice by nothing else than that no question comes.
    let limits = Limits { stall: Duration::from_secs(2), ..Make::default().limits };
    let world = World::make(Make { limits, ..Make::default() }).await;
    let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["log/a"]) };
    let mut client = probe.connect(world.address, ask).await.expect("connected");
    client.verdict().await;
    world.sessions(1).await;
    drop(client);
    world.sessions(0).await;
    let topic = "log/a".parse().expect("a topic");
    assert_eq!(world.hub.subscribers(&topic), 0);
}
