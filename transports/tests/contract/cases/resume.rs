//! Coming back with a cursor.

use common::{
    Cursor, Seq,
    frame::{GapReason, ServerFrame, Verdict},
};
use transport_probes::{Ask, Probe};

use crate::world::{Make, World};

pub async fn every_moment_of_death_is_resumed_without_loss(probe: &dyn Probe) {
    let world = World::start().await;
    let mut ask = Ask::topics(&["log/a"]).since(world.hub.head());
    let mut seen = Vec::new();
    for death in 0..20u64 {
        let mut client = probe.connect(world.address, ask.clone()).await.expect("connected");
        assert_eq!(client.verdict().await, Verdict::Resumed);
        for n in 0..5 {
            world.publish("log/a", &(death * 5 + n).to_string());
        }
        // Dies after 0 to 6 of what there is; the rest must come to the next life.
        for _ in 0..(death % 7).min((death + 1) * 5 - seen.len() as u64) {
            let event = client.event().await;
            seen.push(event.data.get().to_owned());
            ask = ask.since(event.cursor);
        }
    }
    let mut client = probe.connect(world.address, ask).await.expect("connected");
    client.verdict().await;
    while seen.len() < 100 {
        seen.push(client.event().await.data.get().to_owned());
    }
    assert_eq!(seen, (0..100).map(|n| n.to_string()).collect::<Vec<_>>());
}

pub async fn an_evicted_stretch_is_told_before_what_is_left(probe: &dyn Probe) {
    let world = World::start().await;
    let first = world.publish("short/a", "0");
    for n in 1..=9 {
        world.publish("short/a", &n.to_string());
    }
    let ask = Ask::topics(&["short/a", "log/b"]).since(first);
    let mut client = probe.connect(world.address, ask).await.expect("connected");
    assert_eq!(client.verdict().await, Verdict::Gap);
    expect_gap(&client.frame().await, GapReason::Evicted, &["short/a"]);
    for n in 5..=9 {
        assert_eq!(client.event().await.data.get(), n.to_string());
    }
}

pub async fn a_restart_is_told_and_followed_by_what_there_is(probe: &dyn Probe) {
    let before = World::start().await;
    let cursor = before.publish("log/a", "1");
    let after = World::make(Make { epoch: 0x200, ..Make::default() }).await;
    after.publish("log/a", "2");
    let ask = Ask::topics(&["log/a", "latest/b"]).since(cursor);
    let mut client = probe.connect(after.address, ask).await.expect("connected");
    assert_eq!(client.verdict().await, Verdict::Gap);
    expect_gap(&client.frame().await, GapReason::Restarted, &["log/a", "latest/b"]);
    assert_eq!(client.event().await.data.get(), "2");
}

pub async fn a_made_up_cursor_is_told_foreign(probe: &dyn Probe) {
    let world = World::start().await;
    let head = world.publish("log/a", "1");
    for made_up in [
        Cursor { seq: Seq(head.seq.0 + 1), ..head },
        Cursor { seq: Seq(u64::MAX), ..head },
        Cursor::new(common::Epoch(u64::MAX), Seq(0)),
    ] {
        let ask = Ask::topics(&["log/a"]).since(made_up);
        let mut client = probe.connect(world.address, ask).await.expect("connected");
        assert_eq!(client.verdict().await, Verdict::Gap);
        expect_gap(&client.frame().await, GapReason::Foreign, &["log/a"]);
        assert_eq!(client.event().await.data.get(), "1");
    }
}

pub async fn a_snapshot_begins_with_all_that_is_kept(probe: &dyn Probe) {
    let world = World::start().await;
    for n in 0..3 {
        world.publish("log/a", &n.to_string());
    }
    let head = world.publish("log/b", "9");
    let mut ask = Ask::topics(&["log/a", "log/b"]).since(head);
    ask.snapshot = vec!["log/a".into()];
    let mut client = probe.connect(world.address, ask).await.expect("connected");
    assert_eq!(client.verdict().await, Verdict::Resumed);
    for n in 0..3 {
        assert_eq!(client.event().await.data.get(), n.to_string());
    }
    assert_eq!(client.heartbeat().await, head);
}

pub async fn a_client_can_change_to_every_other_transport(probe: &dyn Probe) {
    let world = World::start().await;
    for other in transport_probes::all() {
        let mut client = probe.connect(world.address, Ask::topics(&["log/a"])).await.expect("connected");
        client.verdict().await;
        client.heartbeat().await;
        world.publish("log/a", "1");
        world.publish("log/a", "2");
        let cursor = client.event().await.cursor;
        drop(client);
        let ask = Ask::topics(&["log/a"]).since(cursor);
        let mut client = other.connect(world.address, ask).await.expect("connected");
        assert_eq!(client.verdict().await, Verdict::Resumed);
        assert_eq!(client.event().await.data.get(), "2");
    }
}

pub fn expect_gap(frame: &ServerFrame, expected: GapReason, of: &[&str]) {
    let ServerFrame::Gap { reason, topics } = frame else { panic!("a gap was due, not {frame:?}") };
    assert_eq!(*reason, expected);
    assert_eq!(topics.iter().map(common::Topic::as_str).collect::<Vec<_>>(), of);
}
