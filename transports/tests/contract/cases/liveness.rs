//! Clients that leave without a word, behind something that keeps their connection.

use std::time::Duration;

use common::{
    close,
    frame::{ByeReason, ServerFrame, Verdict},
};
use transport_probes::{Ask, Deflated, Probe, masked_frame};
use transports::gate::Limits;

use crate::world::{Make, World};

const HEARTBEAT: Duration = Duration::from_millis(100);

/// A reader that has left and one that reads look the same from here: the line ends, and who is there comes back.
pub async fn a_one_way_line_ends_with_its_age_and_goes_on_from_its_cursor(probe: &dyn Probe) {
    let max_age = Some(Duration::from_millis(500));
    let world = World::make(Make { heartbeat: HEARTBEAT, max_age, ..Make::default() }).await;
    let mut ask = Ask::topics(&["log/a"]);
    for round in 0..3 {
        let mut client = probe.connect(world.address, ask.clone()).await.expect("connected");
        let expected = if round == 0 { Verdict::New } else { Verdict::Resumed };
        assert_eq!(client.verdict().await, expected);
        let published = world.publish("log/a", &round.to_string());
        assert_eq!(client.event().await.data.get(), round.to_string());
        let mut heartbeats = 0;
        let (reason, retry_ms) = loop {
            match client.frame().await {
                ServerFrame::Bye { reason, retry_ms } => break (reason, retry_ms),
                ServerFrame::Heartbeat { .. } => heartbeats += 1,
                other => panic!("not {other:?}"),
            }
            assert!(heartbeats < 100, "it does not end");
        };
        assert_eq!(reason, ByeReason::Renew);
        assert!((1..1_000).contains(&retry_ms), "at once, and not in a circle: {retry_ms}");
        assert_eq!(client.end().await, None);
        ask = ask.since(published);
    }
    world.sessions(0).await;
}

/// The sixteenth reload behind a proxy that never tells was the last.
pub async fn a_line_gives_way_to_the_next_of_its_client(probe: &dyn Probe) {
    let limits = Limits { connections_per_address: 2, ..Make::default().limits };
    let world = World::make(Make { limits, ..Make::default() }).await;
    let named = |more| Ask { more, ..Ask::topics(&["log/a"]) };
    let mut other = probe.connect(world.address, named("&client=another-page")).await.expect("connected");
    other.verdict().await;
    let mut older = None;
    for _ in 0..20 {
        let mut newer =
            probe.connect(world.address, named("&client=0123456789abcdef")).await.expect("connected");
        newer.verdict().await;
        if let Some(older) = older.replace(newer) {
            let mut older = older;
            assert_eq!(older.bye().await.0, ByeReason::Ended);
            assert_eq!(older.end().await, None);
        }
    }
    world.sessions(2).await;
    world.publish("log/a", "1");
    assert_eq!(other.event().await.data.get(), "1", "nobody else is sent away");
    // Places were neither lost nor won.
    let mut third = probe.connect(world.address, named("")).await.expect("an answer");
    assert_eq!(third.bye().await.0, ByeReason::TooManyConnections);
    drop((other, older));
    world.sessions(0).await;
    let mut both = Vec::new();
    for _ in 0..2 {
        let mut client = probe.connect(world.address, named("")).await.expect("connected");
        client.verdict().await;
        both.push(client);
    }
    let refused = probe.connect(world.address, named("&client=x")).await;
    assert_eq!(refused.err().map(|refused| refused.status), Some(400));
}

/// Proxies that count the client's bytes alone cut a line on which only the server speaks, however much it says.
pub async fn a_listener_is_pinged_on_a_busy_line_and_its_pong_is_life(probe: &Deflated) {
    let world = World::make(Make { heartbeat: HEARTBEAT, ..Make::default() }).await;
    let mut answers = probe.open(world.address, Ask::topics(&["log/a"]), None).await.expect("a line");
    let mut silent = probe.open(world.address, Ask::topics(&["log/a"]), None).await.expect("a line");
    let (mut pings, mut told, mut published) = (0, 0, 0);
    let mut busy = tokio::time::interval(HEARTBEAT / 4);
    while pings < 20 {
        tokio::select! {
            _ = busy.tick() => {
                world.publish("log/a", "1");
                published += 1;
                assert!(published < 2_000, "{pings} pings");
            }
            raw = answers.raw() => match raw.expect("it stays for one who answers") {
                (0x9, payload) => {
                    pings += 1;
                    answers.send(&masked_frame(0x8A, &payload)).await;
                }
                (0x1, text) => told += usize::from(text.starts_with(br#"{"type":"event""#)),
                other => panic!("not {other:?}"),
            },
        }
    }
    assert!(told > pings, "{told} of {published} told, {pings} pings");
    // The other has read nothing and answered nothing all the while.
    let mut last = Vec::new();
    while let Some((opcode, payload)) = silent.raw().await {
        if opcode == 0x1 {
            last.clone_from(&payload);
        }
        if opcode == 0x8 {
            assert_eq!(payload, close::ENDED.to_be_bytes());
        }
    }
    let last = String::from_utf8(last).expect("text");
    assert!(last.starts_with(r#"{"type":"bye","reason":"ended""#), "{last}");
}
