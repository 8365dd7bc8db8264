//! The connection engine, turn by turn, in a real browser's wasm.

use app::ports::{LinkState, Notice, TransportFault, TransportReason};
use common::{
    Cursor, Epoch, Seq, Topic,
    frame::{ByeReason, ClientFrame, Event, GapReason, ServerFrame, Verdict},
};
use transports::{
    browser::{ClientEvent, SubscribeRequest},
    catalog::find,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::{Action, Backoff, Engine, Health, Pace, Role, Settings};

mod choosing;
mod renewing;
mod sending;
mod sharing;
mod waking;

wasm_bindgen_test_configure!(run_in_browser);

fn topic(name: &str) -> Topic {
    name.parse().expect("a topic")
}

fn cursor(epoch: u64, seq: u64) -> Cursor {
    Cursor::new(Epoch(epoch), Seq(seq))
}

fn engine() -> Engine {
    Engine::new(Settings { pinned: None, remembered: || None, role: Role::Leads, random: || 1.0 })
}

fn opened(actions: &[Action]) -> (&'static str, &SubscribeRequest) {
    match actions {
        [Action::Open(entry, ask), ..] => (entry.id, ask),
        other => panic!("a line was to be opened, not {other:?}"),
    }
}

fn welcome(verdict: Verdict) -> ClientEvent {
    ClientEvent::Frame(ServerFrame::Welcome { verdict, head: cursor(1, 0), heartbeat_ms: 15_000 })
}

fn event(name: &str, at: Cursor) -> ClientEvent {
    let data = serde_json::value::RawValue::from_string("1".into()).expect("JSON");
    ClientEvent::Frame(ServerFrame::Event(Event { cursor: at, topic: topic(name), data }))
}

fn heartbeat(at: Cursor) -> ClientEvent {
    ClientEvent::Frame(ServerFrame::Heartbeat { cursor: at })
}

/// An engine that watches `a` every 500 ms and is live at `now`.
fn live(now: f64) -> Engine {
    let mut engine = engine();
    engine.watch(topic("a"), Some(500));
    opened(&engine.settle(now));
    assert_eq!(engine.link(now).state, LinkState::Connecting);
    engine.receive(ClientEvent::Opened, now);
    engine.receive(welcome(Verdict::New), now);
    engine.receive(event("a", cursor(1, 5)), now);
    engine.receive(heartbeat(cursor(1, 6)), now);
    assert_eq!(engine.link(now).state, LinkState::Live);
    engine
}

fn delivered(actions: &[Action]) -> usize {
    actions.iter().filter(|action| matches!(action, Action::Deliver(_))).count()
}

#[wasm_bindgen_test]
fn nothing_is_opened_until_something_is_watched() {
    let mut engine = engine();
    assert!(engine.settle(0.0).is_empty());
    assert_eq!(engine.link(0.0).state, LinkState::Idle);
    engine.watch(topic("a"), None);
    engine.watch(topic("b"), None);
    let actions = engine.settle(0.0);
    let (transport, ask) = opened(&actions);
    assert_eq!((transport, ask.query()), ("websocket", "topics=a,b&snapshot=a,b".to_owned()));
}

#[wasm_bindgen_test]
fn a_lost_line_is_resumed_from_the_last_place_and_people_are_told() {
    let mut engine = live(1_000.0);
    engine.receive(event("a", cursor(1, 7)), 2_000.0);
    assert!(matches!(engine.receive(ClientEvent::Closed(Some(1006)), 2_100.0)[..], [Action::Close]));
    let LinkState::Reconnecting { attempt: 1, next_at: 2_600 } = engine.link(2_200.0).state else {
        panic!("{:?}", engine.link(2_200.0).state);
    };
    assert!(engine.tick(2_500.0).is_empty());
    let actions = engine.tick(2_600.0);
    assert_eq!(opened(&actions).1.query(), "topics=a&since=1-7");
    let told = engine.receive(welcome(Verdict::Resumed), 2_700.0);
    assert!(matches!(told[0], Action::Tell(Notice::Resumed { away_ms: 700 })), "{told:?}");
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 7)), 2_700.0)), 0, "never twice");
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 8)), 2_700.0)), 1);
    assert_eq!(engine.link(2_700.0).state, LinkState::Live);
}

#[wasm_bindgen_test]
fn a_gap_is_told_with_its_reason_for_the_topics_that_are_watched() {
    let mut engine = live(0.0);
    engine.receive(ClientEvent::Closed(None), 500.0);
    engine.tick(5_000.0);
    engine.receive(welcome(Verdict::Gap), 6_000.0);
    let gap = |topics| ClientEvent::Frame(ServerFrame::Gap { reason: GapReason::Restarted, topics });
    assert!(engine.receive(gap(vec![topic("z")]), 6_000.0).is_empty());
    let told = engine.receive(gap(vec![topic("a"), topic("z")]), 6_000.0);
    let [Action::Tell(Notice::Gap { reason: GapReason::Restarted, topics, away_ms: 6_000 })] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!(*topics, [topic("a")]);
    let told = delivered(&engine.receive(event("a", cursor(2, 1)), 6_000.0));
    assert_eq!(told, 1, "a new life counts from 1 again");
    engine.receive(ClientEvent::Closed(None), 6_100.0);
    assert_eq!(opened(&engine.tick(20_000.0)).1.since, Some(cursor(2, 1)));
}

#[wasm_bindgen_test]
fn waits_grow_with_full_jitter_and_are_shorter_while_someone_looks() {
    let waits = |shown, random: f64| {
        let mut backoff = Backoff::new();
        (0..9).map(|_| backoff.fail(shown, random)).collect::<Vec<_>>()
    };
    assert_eq!(waits(true, 1.0)[..5], [500.0, 1_000.0, 2_000.0, 3_000.0, 3_000.0]);
    assert_eq!(waits(false, 1.0)[5..], [16_000.0, 30_000.0, 30_000.0, 30_000.0]);
    assert!(waits(true, 0.0).iter().all(|&ms| ms == 0.0));
    let mut backoff = Backoff::new();
    (0..100_000).for_each(|_| assert!(backoff.fail(false, 0.5) <= 15_000.0));
}

#[wasm_bindgen_test]
fn bye_says_when_to_come_back() {
    let mut engine = live(0.0);
    let bye = ServerFrame::Bye { reason: ByeReason::Shutdown, retry_ms: 2_345 };
    engine.receive(ClientEvent::Frame(bye), 100.0);
    engine.receive(ClientEvent::Closed(Some(1012)), 110.0);
    assert!(engine.tick(2_400.0).is_empty());
    opened(&engine.tick(2_455.0));
}

#[wasm_bindgen_test]
fn silence_is_late_then_stale_then_deadly() {
    let mut engine = live(0.0);
    let state = |engine: &Engine, now| engine.link(now).state;
    assert_eq!(state(&engine, 2_400.0), LinkState::Live);
    assert_eq!(state(&engine, 2_500.0), LinkState::Delayed);
    assert_eq!(state(&engine, 10_000.0), LinkState::Stale);
    assert_eq!(engine.deadline(2_500.0), Some(10_000.0), "it looks again when that changes");
    assert!(engine.tick(16_900.0).iter().all(|action| !matches!(action, Action::Close)));
    assert!(matches!(engine.tick(17_000.0)[..], [Action::Close]));
    let quiet = Pace { heartbeat_ms: 15_000.0, cadence_ms: None };
    assert_eq!(
        quiet.judge(18_000.0).0,
        Health::Live,
        "a topic without a rhythm is silent until the heartbeat"
    );
    assert_eq!(quiet.judge(35_000.0).0, Health::Dead);
}

#[wasm_bindgen_test]
fn a_slow_pace_is_no_silence_and_hides_none() {
    for cadence in [60_000, 600_000] {
        let mut engine = engine();
        engine.watch(topic("a"), Some(cadence));
        engine.settle(0.0);
        engine.receive(welcome(Verdict::New), 0.0);
        let mut now = 0.0;
        for beat in 1..=80 {
            now = f64::from(beat) * 15_000.0;
            assert!(engine.tick(now - 1.0).iter().all(|action| !matches!(action, Action::Close)), "{now}");
            assert_eq!(engine.link(now - 1.0).state, LinkState::Live, "{cadence} ms at {now}");
            engine.receive(heartbeat(cursor(1, 6)), now);
        }
        assert_eq!(engine.link(now + 19_000.0).state, LinkState::Delayed, "a heartbeat is missed");
        assert_eq!(engine.link(now + 27_000.0).state, LinkState::Stale);
        assert!(matches!(engine.tick(now + 35_000.0)[..], [Action::Close]));
    }
}

#[wasm_bindgen_test]
fn a_machine_whose_measuring_hangs_keeps_its_line() {
    let mut engine = live(0.0);
    assert_eq!(engine.link(14_900.0).state, LinkState::Stale);
    assert!(engine.tick(15_100.0).iter().all(|action| !matches!(action, Action::Close)));
    engine.receive(heartbeat(cursor(1, 6)), 15_200.0);
    assert_eq!(engine.link(15_300.0).state, LinkState::Live);
}

#[wasm_bindgen_test]
fn a_heartbeat_quicker_than_any_clock_makes_no_line_late() {
    let pace = Pace { heartbeat_ms: 500.0, cadence_ms: Some(10.0) };
    assert_eq!(pace.judge(2_400.0).0, Health::Live);
    assert_eq!(pace.judge(15_000.0).0, Health::Dead);
}

#[wasm_bindgen_test]
fn a_transport_that_does_not_get_through_gives_way_only_if_the_server_can_be_reached() {
    let mut engine = engine();
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    assert!(matches!(engine.receive(ClientEvent::Closed(Some(1006)), 10.0)[..], [Action::Close]));
    engine.tick(1_000.0);
    let told = engine.receive(ClientEvent::Closed(Some(1006)), 1_010.0);
    assert!(matches!(told[..], [Action::Close, Action::Probe]));
    assert!(engine.probed(None, 1_020.0).is_empty(), "the server is away: any transport would fail");
    engine.tick(5_000.0);
    engine.receive(ClientEvent::Closed(Some(1006)), 5_010.0);
    let actions = engine.probed(Some(3.0), 5_020.0);
    assert_eq!(opened(&actions).0, "sse");
    assert!(matches!(actions[1], Action::Tell(Notice::FellBack { from: "websocket", to: "sse" })));
    let why = engine.link(5_020.0).why.expect("a reason");
    assert_eq!(why, TransportReason { transport: "websocket", tries: 3, fault: TransportFault::Cut });
}

#[wasm_bindgen_test]
fn being_turned_away_is_no_fault_of_the_transport() {
    let mut engine = engine();
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    for attempt in 0..5 {
        let now = f64::from(attempt) * 10_000.0;
        let bye = ServerFrame::Bye { reason: ByeReason::TooManyConnections, retry_ms: 2_000 };
        engine.receive(ClientEvent::Frame(bye), now);
        let actions = engine.receive(ClientEvent::Closed(Some(1013)), now);
        assert!(matches!(actions[..], [Action::Close]), "no probe");
        assert_eq!(opened(&engine.tick(now + 9_000.0)).0, "websocket");
    }
}

#[wasm_bindgen_test]
fn a_probe_that_comes_late_disturbs_no_attempt() {
    let mut engine = engine();
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    engine.receive(ClientEvent::Closed(Some(1006)), 10.0);
    engine.tick(1_000.0);
    engine.receive(ClientEvent::Closed(Some(1006)), 1_010.0);
    opened(&engine.tick(5_000.0));
    assert!(engine.probed(Some(3_900.0), 5_010.0).is_empty());
    engine.receive(welcome(Verdict::New), 5_020.0);
    assert_eq!(engine.link(5_020.0).transport, "websocket");
}

#[wasm_bindgen_test]
fn a_code_that_says_that_trying_again_does_not_help_is_not_hurried() {
    let mut engine = live(0.0);
    engine.receive(ClientEvent::Closed(Some(1009)), 100.0);
    assert!(engine.tick(30_000.0).is_empty());
    opened(&engine.tick(30_100.0));
}

#[wasm_bindgen_test]
fn who_comes_when_another_leaves_is_told_the_present_value() {
    let mut engine = live(0.0);
    engine.unwatch(&topic("a"), Some(500));
    engine.watch(topic("a"), Some(500));
    let actions = engine.settle(1.0);
    let [Action::Send(ClientFrame::Unsubscribe { .. }), Action::Send(ClientFrame::Subscribe { topics, .. })] =
        &actions[..]
    else {
        panic!("{actions:?}");
    };
    assert_eq!(*topics, [topic("a")]);
    let told = delivered(&engine.receive(event("a", cursor(1, 5)), 2.0));
    assert_eq!(told, 1, "seen before, by the one who left");
}

#[wasm_bindgen_test]
fn topics_are_added_in_place_on_a_two_way_line() {
    let mut engine = live(0.0);
    engine.watch(topic("b"), None);
    let actions = engine.settle(100.0);
    let [Action::Send(ClientFrame::Subscribe { topics, since: None, snapshot: true })] = &actions[..] else {
        panic!("{actions:?}");
    };
    assert_eq!(*topics, [topic("b")]);
    let told = delivered(&engine.receive(event("b", cursor(1, 2)), 100.0));
    assert_eq!(told, 1, "older than the page's place, and new");
    engine.receive(ClientEvent::Closed(None), 200.0);
    assert_eq!(
        opened(&engine.tick(9_000.0)).1.query(),
        "topics=a,b&since=1-6&snapshot=b",
        "and its place stays"
    );
    engine.unwatch(&topic("a"), Some(500));
    let actions = engine.receive(welcome(Verdict::Resumed), 9_100.0);
    assert!(matches!(&actions[..], [Action::Send(ClientFrame::Unsubscribe { .. }), ..]), "{actions:?}");
    assert!(engine.settle(9_100.0).is_empty(), "and once");
}

#[wasm_bindgen_test]
fn a_two_way_line_that_is_being_opened_is_told_of_more_when_it_is_open() {
    let mut engine = engine();
    engine.watch(topic("a"), None);
    opened(&engine.settle(0.0));
    engine.watch(topic("b"), None);
    assert!(engine.settle(1.0).is_empty(), "the line is not given up for it");
    let actions = engine.receive(welcome(Verdict::New), 10.0);
    let [Action::Send(ClientFrame::Subscribe { topics, since: None, snapshot: true }), ..] = &actions[..]
    else {
        panic!("{actions:?}");
    };
    assert_eq!(*topics, [topic("b")]);
    // This one was on its way before the server knew of b: it is no word on it.
    engine.receive(heartbeat(cursor(1, 6)), 11.0);
    engine.receive(ClientEvent::Closed(None), 12.0);
    assert_eq!(opened(&engine.tick(9_000.0)).1.query(), "topics=a,b&since=1-6&snapshot=b");
    engine.receive(welcome(Verdict::Resumed), 9_010.0);
    engine.receive(heartbeat(cursor(1, 7)), 9_020.0);
    engine.watch(topic("c"), None);
    engine.settle(9_030.0);
    engine.receive(ClientEvent::Frame(ServerFrame::Subscribed { topics: vec![topic("c")] }), 9_040.0);
    engine.receive(heartbeat(cursor(1, 8)), 9_050.0);
    engine.receive(ClientEvent::Closed(None), 9_060.0);
    assert_eq!(opened(&engine.tick(19_000.0)).1.query(), "topics=a,b,c&since=1-8");
}

#[wasm_bindgen_test]
fn a_one_way_line_is_opened_anew_for_other_topics_and_no_one_sees_it() {
    let mut engine =
        Engine::new(Settings { pinned: find("sse"), remembered: || None, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    engine.receive(welcome(Verdict::New), 10.0);
    engine.receive(heartbeat(cursor(1, 9)), 10.0);
    engine.watch(topic("b"), None);
    let actions = engine.settle(100.0);
    assert_eq!(opened(&actions).1.query(), "topics=a,b&since=1-9&snapshot=b");
    assert_eq!(engine.link(110.0).state, LinkState::Live);
    let told = engine.receive(welcome(Verdict::Resumed), 120.0);
    engine.watch(topic("c"), None);
    engine.settle(130.0);
    engine.receive(ClientEvent::Closed(None), 140.0);
    assert!(matches!(engine.link(6_000.0).state, LinkState::Offline { .. }), "a change that fails is a loss");
    assert!(told.iter().all(|action| !matches!(action, Action::Tell(_))), "nothing was lost: {told:?}");
}

#[wasm_bindgen_test]
fn a_person_stops_it_and_starts_it_from_where_it_was() {
    let mut engine = live(0.0);
    assert!(matches!(engine.disconnect()[..], [Action::Close]));
    assert_eq!(engine.link(1.0).state, LinkState::Stopped);
    assert!(
        engine.settle(1.0).is_empty()
            && engine.tick(99_000.0).is_empty()
            && engine.retry(99_000.0).is_empty()
    );
    assert_eq!(engine.deadline(1.0), None);
    let actions = engine.connect(60_000.0);
    assert_eq!(opened(&actions).1.since, Some(cursor(1, 6)));
    assert_eq!(engine.link(60_000.0).state, LinkState::Connecting);
}

#[wasm_bindgen_test]
fn a_page_that_is_shown_again_or_has_its_network_back_does_not_wait() {
    for wake in
        [|engine: &mut Engine| engine.show(true, 700.0), |engine: &mut Engine| engine.network(true, 700.0)]
    {
        let mut engine = live(0.0);
        engine.show(false, 500.0);
        engine.receive(ClientEvent::Closed(None), 600.0);
        opened(&wake(&mut engine));
    }
}

#[wasm_bindgen_test]
fn without_a_network_the_line_is_given_up_and_people_are_told_at_once() {
    let mut engine = live(0.0);
    assert!(matches!(engine.network(false, 100.0)[..], [Action::Close]));
    assert!(matches!(engine.link(100.0).state, LinkState::Offline { attempt: 1, .. }));
}

#[wasm_bindgen_test]
fn the_round_trip_is_that_of_the_last_ping() {
    let mut engine = live(0.0);
    let actions = engine.tick(10_000.0);
    let [Action::Send(ClientFrame::Ping { id })] = actions[..] else { panic!("{actions:?}") };
    engine.receive(ClientEvent::Frame(ServerFrame::Pong { id: id + 1 }), 10_010.0);
    assert_eq!(engine.link(10_010.0).round_trip_ms, None);
    engine.receive(ClientEvent::Frame(ServerFrame::Pong { id }), 10_042.0);
    assert_eq!(engine.link(10_042.0).round_trip_ms, Some(42.0));
}

#[wasm_bindgen_test]
fn when_nothing_is_watched_any_more_the_line_is_closed() {
    let mut engine = live(0.0);
    engine.unwatch(&topic("a"), Some(500));
    assert!(matches!(engine.settle(1.0)[..], [Action::Close]));
    assert_eq!(engine.link(1.0).state, LinkState::Idle);
}
