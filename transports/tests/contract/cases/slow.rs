//! Readers that do not keep up.

use std::time::Duration;

use common::frame::{GapReason, ServerFrame};
use transport_probes::{Ask, LONG_WAIT, Probe};
use transports::gate::Limits;

use crate::world::{Make, World};

/// More than the sockets' buffers on both ends hold.
const FLOOD: usize = 1500;
const KIB_16: usize = 16 * 1024;

pub async fn a_stalled_reader_slows_no_one_and_finds_the_truth(probe: &dyn Probe) {
    let world = World::start().await;
    let ask = Ask::topics(&["short/a", "latest/b"]);
    let mut stalled = probe.connect(world.address, ask.clone()).await.expect("connected");
    stalled.verdict().await;
    let mut healthy = probe.connect(world.address, ask).await.expect("connected");
    healthy.verdict().await;
    let filling = noise();
    for n in 0..FLOOD {
        let topic = if n.is_multiple_of(2) { "short/a" } else { "latest/b" };
        world.publish(topic, &format!(r#"{{"n":{n},"x":"{filling}"}}"#));
        assert_eq!(number(&healthy.event().await), n, "the healthy one gets each at once");
    }
    let (mut last, mut log_numbers, mut told) = ([None, None], Vec::new(), false);
    loop {
        match stalled.frame().await {
            ServerFrame::Event(event) => {
                let n = number(&event);
                let before = last[n % 2].replace(n);
                assert!(before < Some(n), "never backwards, never twice");
                if n.is_multiple_of(2) {
                    let expected = before.map_or(0, |before| before + 2);
                    assert!(n == expected || told, "{expected} to {n} are missing without a word");
                    log_numbers.push(n);
                    told = false;
                }
                if n == FLOOD - 1 {
                    break;
                }
            }
            ServerFrame::Gap { reason, topics } => {
                assert_eq!(reason, GapReason::Evicted);
                assert_eq!(topics.len(), 1);
                told = true;
            }
            ServerFrame::Heartbeat { .. } => {}
            other => panic!("not {other:?}"),
        }
    }
    assert_eq!(log_numbers.last(), Some(&(FLOOD - 2)), "what is kept is told to the end");
    assert!(log_numbers.len() < FLOOD / 2, "the reader did stall");
    assert!(world.hub.metrics().gaps >= 1);
}

pub async fn a_reader_that_never_reads_is_given_up(probe: &dyn Probe) {
    let limits = Limits { stall: Duration::from_secs(1), ..Make::default().limits };
    let world = World::make(Make { limits, heartbeat: Duration::from_millis(300), ..Make::default() }).await;
    let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["log/a"]) };
    let mut stalled = probe.connect(world.address, ask).await.expect("connected");
    stalled.verdict().await;
    world.sessions(1).await;
    let filling = format!("\"{}\"", noise());
    for _ in 0..FLOOD {
        world.publish("log/a", &filling);
    }
    world.sessions(0).await;
}

/// Letters without any order: what can be compressed would fill no buffer.
pub fn noise() -> String {
    let mut state = 1_u32;
    let letter = || {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        char::from(b'A' + (state >> 27) as u8)
    };
    std::iter::repeat_with(letter).filter(|&letter| letter != '\\').take(KIB_16).collect()
}

fn number(event: &common::frame::Event) -> usize {
    let value: serde_json::Value = serde_json::from_str(event.data.get()).expect("JSON");
    usize::try_from(value["n"].as_u64().expect("a number")).expect("small")
}
