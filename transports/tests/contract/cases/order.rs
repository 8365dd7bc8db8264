//! The order of frames.

use common::frame::Verdict;
use transport_probes::{Ask, Probe};

use crate::world::World;

pub async fn entries_arrive_in_order_without_duplicate(probe: &dyn Probe) {
    let world = World::start().await;
    let mut client = probe.connect(world.address, Ask::topics(&["log/a", "log/b"])).await.expect("connected");
    assert_eq!(client.verdict().await, Verdict::New);
    client.heartbeat().await;
    for n in 0..500 {
        // Line ends between tokens are the publisher's right.
        world.publish(if n % 3 == 0 { "log/b" } else { "log/a" }, &format!("{{\n\"n\":\r\n{n}}}"));
        world.publish("log/other", "0");
    }
    for n in 0..500u64 {
        let event = client.event().await;
        assert_eq!(event.cursor.seq.0, 2 * n + 1);
        assert_eq!(event.topic.as_str(), if n % 3 == 0 { "log/b" } else { "log/a" });
        let value: serde_json::Value = serde_json::from_str(event.data.get()).expect("the publisher's JSON");
        assert_eq!(value["n"], n);
    }
}

pub async fn a_newcomer_gets_the_present_value_and_its_place(probe: &dyn Probe) {
    let world = World::start().await;
    world.publish("latest/a", "1");
    world.publish("latest/a", "2");
    let last = world.publish("log/a", "3");
    let mut client =
        probe.connect(world.address, Ask::topics(&["latest/a", "log/a"])).await.expect("connected");
    assert_eq!(client.verdict().await, Verdict::New);
    assert_eq!(client.event().await.data.get(), "2");
    assert_eq!(client.heartbeat().await, last, "told up to the head, though the log's entry came before it");
    let next = world.publish("log/a", "4");
    let event = client.event().await;
    assert_eq!((event.cursor, event.data.get()), (next, "4"));
}
