//! From one transport to another, and lines that are made of questions.

use app::ports::{LinkState, Notice, TransportFault, TransportReason};
use common::{
    Cursor,
    frame::{ByeReason, ServerFrame, Verdict},
};
use transports::{
    browser::{CLIENTS, ClientEvent},
    catalog::{CATALOG, find},
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{cursor, event, heartbeat, live, opened, topic};
use crate::engine::{Action, Engine, Role, Settings};

#[wasm_bindgen_test]
fn every_transport_of_the_catalog_has_its_end_in_the_page() {
    let ids = CLIENTS.iter().map(|(entry, _)| entry.id);
    assert!(ids.eq(CATALOG.iter().map(|entry| entry.id)));
}

/// An engine without a pinned transport that watches a topic, from now on.
fn automatic() -> Engine {
    let mut engine =
        Engine::new(Settings { pinned: None, remembered: || None, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), None);
    engine
}

/// Time goes on to the engine's next deadline; plain requests pass in no time.
fn pass(engine: &mut Engine, now: &mut f64) -> Vec<Action> {
    *now = engine.deadline(*now).expect("something is due");
    let mut all = engine.tick(*now);
    if all.iter().any(|action| matches!(action, Action::Probe)) {
        all.extend(engine.probed(Some(5.0), *now));
    }
    all
}

fn lines(actions: &[Action]) -> impl Iterator<Item = &'static str> {
    actions.iter().filter_map(|action| match action {
        Action::Open(entry, _) => Some(entry.id),
        _ => None,
    })
}

/// The transports to fall back to, from the best.
fn ladder() -> Vec<&'static str> {
    CATALOG.iter().filter(|entry| entry.fallback).map(|entry| entry.id).collect()
}

#[wasm_bindgen_test]
fn where_everything_is_cut_a_page_goes_round_the_ladder_and_never_to_what_a_person_has_to_choose() {
    let mut engine = automatic();
    let mut tried = vec![opened(&engine.settle(0.0)).0];
    let mut now = 0.0;
    for _ in 0..8 {
        engine.receive(ClientEvent::Closed(Some(1006)), now);
        now += 10_000.0;
        assert_eq!(lines(&engine.tick(now)).next(), tried.last().copied(), "each is tried twice");
        engine.receive(ClientEvent::Closed(Some(1006)), now);
        tried.push(opened(&engine.probed(Some(1.0), now)).0);
    }
    assert_eq!(ladder(), ["websocket", "sse", "http_stream", "long_polling", "polling"]);
    assert!(ladder().into_iter().cycle().take(9).eq(tried));
}

#[wasm_bindgen_test]
fn where_lines_are_silent_and_questions_pass_it_decides_within_seconds() {
    let mut engine = automatic();
    let mut now = 0.0;
    let mut tried: Vec<_> = lines(&engine.settle(now)).collect();
    engine.probed(Some(5.0), now);
    while tried.last() != Some(&"sse") {
        tried.extend(lines(&pass(&mut engine, &mut now)));
    }
    assert!(now < 3_000.0, "{now}");
    while tried.last() != Some(&"long_polling") {
        tried.extend(lines(&pass(&mut engine, &mut now)));
    }
    assert!(now < 5_000.0, "{now}");
    let why = engine.link(now).why;
    assert_eq!(
        why,
        Some(TransportReason { transport: "http_stream", tries: 1, fault: TransportFault::Silent })
    );
}

#[wasm_bindgen_test]
fn a_transport_that_had_all_its_time_is_not_given_it_again() {
    let mut engine = automatic();
    engine.settle(0.0);
    engine.probed(Some(5.0), 0.0);
    assert!(matches!(engine.tick(1_220.0)[..], [Action::Close, Action::Probe]));
    assert_eq!(opened(&engine.tick(1_720.0)).0, "websocket", "the probe takes longer than the wait");
    assert_eq!(opened(&engine.probed(Some(600.0), 1_820.0)).0, "sse");
}

#[wasm_bindgen_test]
fn time_in_which_the_page_itself_did_not_run_is_not_counted() {
    let mut engine = automatic();
    engine.settle(0.0);
    engine.probed(Some(5.0), 0.0);
    // Due after 1.22 s, and run after 2 s: what has come meanwhile waits behind.
    assert!(engine.tick_late(780.0, 2_000.0).is_empty());
    assert_eq!(engine.deadline(2_000.0), Some(2_050.0));
    assert!(matches!(engine.tick_late(1.0, 2_051.0)[0], Action::Close), "and no longer than that");
}

#[wasm_bindgen_test]
fn a_slow_network_is_given_its_time() {
    let mut engine = automatic();
    engine.settle(0.0);
    assert_eq!(engine.deadline(0.0), Some(8_000.0), "nothing is known of it");
    engine.probed(Some(1_000.0), 1_000.0);
    assert_eq!(engine.deadline(1_000.0), Some(5_200.0));
    engine.probed(Some(60_000.0), 1_000.0);
    assert_eq!(engine.deadline(1_000.0), Some(8_000.0));
}

#[wasm_bindgen_test]
fn a_pinned_transport_is_kept_and_says_why_it_does_not_work() {
    let mut engine =
        Engine::new(Settings { pinned: find("sse"), remembered: || None, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), None);
    let mut now = 0.0;
    assert_eq!(opened(&engine.settle(now)).0, "sse");
    for _ in 0..5 {
        engine.receive(ClientEvent::Closed(None), now);
        engine.probed(Some(5.0), now);
        now += 60_000.0;
        assert_eq!(opened(&engine.tick(now)).0, "sse");
    }
    let link = engine.link(now);
    assert_eq!(link.pinned, Some("sse"));
    assert_eq!(link.why, Some(TransportReason { transport: "sse", tries: 5, fault: TransportFault::Cut }));
    engine.receive(welcome(15_000, Verdict::New), now);
    assert_eq!(engine.link(now).why, None);
}

/// An engine that is live by SSE since `now`, for WebSocket was cut.
fn second_best(now: f64) -> Engine {
    let mut engine = automatic();
    engine.settle(now);
    engine.probed(Some(5.0), now);
    for _ in 0..2 {
        engine.receive(ClientEvent::Closed(Some(1006)), now);
        engine.retry(now);
    }
    engine.receive(ClientEvent::Closed(Some(1006)), now);
    assert_eq!(opened(&engine.probed(Some(5.0), now)).0, "sse");
    engine.receive(welcome(15_000, Verdict::New), now);
    engine.receive(heartbeat(cursor(1, 6)), now);
    engine
}

/// Hears the line, so that only what is tried can be due.
fn at(engine: &mut Engine, now: f64) -> Vec<Action> {
    engine.receive(heartbeat(cursor(1, 6)), now);
    let mut actions = engine.tick(now);
    while let [Action::Probe] = actions[..] {
        engine.probed(Some(5.0), now);
        actions = engine.tick(now);
    }
    actions
}

#[wasm_bindgen_test]
fn a_better_transport_is_tried_beside_the_line_and_takes_over_where_it_gets_through() {
    let mut engine = second_best(0.0);
    assert!(at(&mut engine, 29_900.0).is_empty());
    let [Action::Try(entry, ask)] = &at(&mut engine, 30_000.0)[..] else { panic!("it was to be tried") };
    assert_eq!((entry.id, ask.query()), ("websocket", "topics=a".to_owned()));
    assert!(engine.tried(ClientEvent::Opened, 30_010.0).is_empty());
    assert_eq!(engine.link(30_010.0).transport, "sse");
    let actions = engine.tried(welcome(15_000, Verdict::New), 30_020.0);
    let (transport, ask) = opened(&actions);
    assert_eq!((transport, ask.query()), ("websocket", "topics=a&since=1-6".to_owned()));
    assert!(matches!(actions[1], Action::Tell(Notice::WentUp { from: "sse", to: "websocket" })));
    assert_eq!(engine.link(30_030.0).state, LinkState::Live, "nobody sees the change");
    let told = engine.receive(welcome(15_000, Verdict::Resumed), 30_040.0);
    assert!(told.iter().all(|action| !matches!(action, Action::Tell(_))), "{told:?}");
    assert_eq!(engine.link(30_050.0).why, None);
}

#[wasm_bindgen_test]
fn what_still_does_not_get_through_is_tried_ever_more_seldom() {
    let mut engine = second_best(0.0);
    let mut waits = Vec::new();
    let mut now = 0.0;
    for silent in [false, true, false, false, false, false] {
        let began = now;
        while !matches!(at(&mut engine, now)[..], [Action::Try(..)]) {
            now += 1_000.0;
        }
        waits.push(((now - began) / 1_000.0) as u32);
        if silent {
            now += 2_000.0;
            assert!(matches!(at(&mut engine, now)[..], [Action::EndTry]), "it takes too long");
        } else {
            assert!(matches!(engine.tried(ClientEvent::Closed(Some(1006)), now)[..], [Action::EndTry]));
        }
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 600]);
    assert_eq!(engine.link(now).transport, "sse");
}

#[wasm_bindgen_test]
fn nothing_is_tried_for_nobody_or_against_a_choice_and_another_network_is_tried_at_once() {
    let mut hidden = second_best(0.0);
    hidden.show(false, 1_000.0);
    assert!(at(&mut hidden, 40_000.0).is_empty());
    hidden.receive(heartbeat(cursor(1, 6)), 50_000.0);
    assert!(matches!(hidden.show(true, 50_000.0)[..], [Action::Probe] | [Action::Try(..)]));

    let mut pinned = second_best(0.0);
    assert!(pinned.pin(find("sse"), 1_000.0).is_empty(), "it is the one in use");
    assert!(at(&mut pinned, 60_000.0).is_empty());

    let mut moved = second_best(0.0);
    moved.network(true, 5_000.0);
    assert!(matches!(at(&mut moved, 5_000.0)[..], [Action::Try(..)]));
    assert!(matches!(moved.receive(ClientEvent::Closed(None), 5_100.0)[..], [Action::Close]));
    assert!(
        matches!(moved.tried(welcome(15_000, Verdict::New), 5_200.0)[..], [Action::EndTry]),
        "it went with the line"
    );
}

#[wasm_bindgen_test]
fn what_answers_for_a_transport_is_told() {
    let mut engine = second_best(0.0);
    let sse = find("sse").expect("of the catalog");
    let websocket = find("websocket").expect("of the catalog");
    engine.examined(websocket, 204);
    assert_eq!(engine.link(0.0).why.map(|why| why.fault), Some(TransportFault::Cut), "the way is free");
    engine.examined(sse, 502);
    assert_eq!(engine.link(0.0).why.map(|why| why.fault), Some(TransportFault::Cut), "that is another one");
    engine.examined(websocket, 403);
    let why = TransportReason { transport: "websocket", tries: 3, fault: TransportFault::Answered(403) };
    assert_eq!(engine.link(0.0).why, Some(why));
}

fn welcome(heartbeat_ms: u64, verdict: Verdict) -> ClientEvent {
    ClientEvent::Frame(ServerFrame::Welcome { verdict, head: cursor(1, 0), heartbeat_ms })
}

/// An engine that is live by polling, with a topic that speaks twice a second.
fn polling() -> Engine {
    let mut engine = Engine::new(Settings {
        pinned: find("polling"),
        remembered: || None,
        role: Role::Leads,
        random: || 1.0,
    });
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    engine.receive(welcome(5_000, Verdict::New), 0.0);
    engine.receive(event("a", cursor(1, 5)), 0.0);
    engine.receive(heartbeat(cursor(1, 6)), 0.0);
    engine
}

fn answered(engine: &mut Engine, at: Cursor, now: f64) {
    engine.receive(heartbeat(at), now);
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

#[wasm_bindgen_test]
fn on_a_known_network_a_page_begins_with_what_got_through_and_tries_the_better_one_later() {
    let remembered = || find("http_stream");
    let mut engine = Engine::new(Settings { pinned: None, remembered, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), None);
    assert_eq!(opened(&engine.settle(0.0)).0, "http_stream");
    engine.receive(welcome(15_000, Verdict::New), 10.0);
    let why = TransportReason { transport: "websocket", tries: 0, fault: TransportFault::Before };
    assert_eq!(engine.link(10.0).why, Some(why), "and says why");
    let mut now = 10.0;
    let tried = loop {
        let actions = pass(&mut engine, &mut now);
        if let Some(Action::Try(entry, _)) = actions.iter().find(|action| matches!(action, Action::Try(..))) {
            break entry.id;
        }
        engine.receive(heartbeat(cursor(1, 6)), now);
    };
    assert_eq!(tried, "websocket");

    // A transport that is no fallback is a person's choice, and is not remembered.
    let remembered = || find("socketio");
    let mut engine = Engine::new(Settings { pinned: None, remembered, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), None);
    assert_eq!(opened(&engine.settle(0.0)).0, "websocket");
    let remembered = || find("polling");
    let mut engine =
        Engine::new(Settings { pinned: find("sse"), remembered, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), None);
    assert_eq!(opened(&engine.settle(0.0)).0, "sse");
    assert_eq!(engine.link(0.0).why, None);
}

#[wasm_bindgen_test]
fn every_farewell_reaches_the_badge_and_a_line_that_breaks_without_one_does_not_repeat_it() {
    use ByeReason::{Ended, LogFull, Shutdown, TooManyConnections};
    for reason in [Shutdown, TooManyConnections, LogFull, Ended] {
        let mut engine = live(0.0);
        engine.receive(ClientEvent::Frame(ServerFrame::Bye { reason, retry_ms: 100 }), 10.0);
        engine.receive(ClientEvent::Closed(None), 10.0);
        assert_eq!(engine.link(10.0).why.map(|why| why.fault), Some(TransportFault::TurnedAway(reason)));
        opened(&engine.tick(60_000.0));
        engine.receive(ClientEvent::Closed(Some(1006)), 60_010.0);
        assert_eq!(engine.link(60_010.0).why, None);
        engine.receive(ClientEvent::Frame(ServerFrame::Bye { reason, retry_ms: 100 }), 60_020.0);
        opened(&engine.tick(120_000.0));
        engine.receive(welcome(15_000, Verdict::New), 120_010.0);
        assert_eq!(engine.link(120_010.0).why, None, "it is over");
    }
}
