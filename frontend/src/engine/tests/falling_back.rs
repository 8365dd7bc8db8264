//! From one transport to another, and lines that are made of questions.

use app::ports::LinkState;
use common::{
    Cursor,
    frame::{ServerFrame, Verdict},
};
use transports::{
    browser::{ENDS, Heard},
    catalog::CATALOG,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{cursor, event, heartbeat, opened, topic};
use crate::engine::{Action, Engine, Settings};

#[wasm_bindgen_test]
fn every_transport_of_the_catalog_has_its_end_in_the_page() {
    let ids = ENDS.iter().map(|(entry, _)| entry.id);
    assert!(ids.eq(CATALOG.iter().map(|entry| entry.id)));
}

#[wasm_bindgen_test]
fn a_page_falls_back_down_the_catalog_and_never_to_what_a_person_has_to_choose() {
    for first in CATALOG {
        let mut engine = Engine::new(Settings { transport: first.id, random: || 1.0 });
        engine.watch(topic("a"), None);
        let mut tried = vec![opened(&engine.settle(0.0)).0];
        let mut now = 0.0;
        for _ in 1..CATALOG.len() + 2 {
            for _ in 0..2 {
                engine.hear(Heard::Closed(Some(1006)), now);
                now += 10_000.0;
                engine.tick(now);
            }
            engine.hear(Heard::Closed(Some(1006)), now);
            tried.push(opened(&engine.probed(Some(1.0), now)).0);
        }
        let fallbacks: Vec<_> = CATALOG.iter().filter(|entry| entry.fallback).map(|entry| entry.id).collect();
        assert_eq!(fallbacks, ["websocket", "sse", "http_stream", "long_polling", "polling"]);
        let start = fallbacks.iter().position(|id| *id == first.id).map_or(0, |at| at + 1);
        let round = fallbacks.iter().copied().cycle().skip(start);
        assert!(tried[1..].iter().copied().eq(round.take(tried.len() - 1)), "{tried:?}");
    }
}

fn welcome(heartbeat_ms: u64, verdict: Verdict) -> Heard {
    Heard::Frame(ServerFrame::Welcome { verdict, head: cursor(1, 0), heartbeat_ms })
}

/// An engine that is live by polling, with a topic that speaks twice a second.
fn polling() -> Engine {
    let mut engine = Engine::new(Settings { transport: "polling", random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    engine.hear(welcome(5_000, Verdict::New), 0.0);
    engine.hear(event("a", cursor(1, 5)), 0.0);
    engine.hear(heartbeat(cursor(1, 6)), 0.0);
    engine
}

fn answered(engine: &mut Engine, at: Cursor, now: f64) {
    engine.hear(heartbeat(at), now);
    assert_eq!(engine.link(now).state, LinkState::Live);
}

#[wasm_bindgen_test]
fn a_page_that_asks_every_few_seconds_is_live_however_often_its_topics_speak() {
    let mut engine = polling();
    engine.tick(5_100.0);
    assert_eq!(engine.link(5_100.0).state, LinkState::Live);
    answered(&mut engine, cursor(1, 7), 5_200.0);
    assert!(matches!(engine.tick(5_200.0 + 15_000.0)[..], [Action::Close]), "that was too long");
}

#[wasm_bindgen_test]
fn a_hidden_page_may_ask_once_a_minute_and_has_time_to_ask_when_it_is_shown() {
    let mut engine = polling();
    engine.show(false, 1_000.0);
    for minute in [60_500.0, 121_000.0] {
        assert!(engine.tick(minute).is_empty());
        answered(&mut engine, cursor(1, 8), minute);
    }
    let shown = engine.show(true, 180_000.0);
    assert!(shown.iter().all(|action| !matches!(action, Action::Close | Action::Open(..))), "{shown:?}");
    assert_eq!(engine.link(180_000.0).state, LinkState::Live);
    assert!(matches!(engine.tick(195_000.0)[..], [Action::Close]), "but it does have to hear something");
}
