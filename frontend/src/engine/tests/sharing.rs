//! One line for all tabs of a browser: what the tab that leads asks for on behalf of the others, and how a tab that follows comes
//! to lead.

use app::ports::{LinkState, Notice};
use common::frame::{ClientFrame, GapReason, ServerFrame, Verdict};
use transports::{
    browser::{ClientEvent, SubscribeRequest},
    catalog::find,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{cursor, delivered, engine, event, heartbeat, live, opened, topic, welcome};
use crate::engine::{Action, Engine, Role, SHARED, Settings};

fn asks(query: &str) -> SubscribeRequest {
    SubscribeRequest::read(query).expect("what a tab asks for")
}

/// An engine over Server-Sent Events that watches `a` and is live at `now`.
fn live_one_way(now: f64) -> Engine {
    let mut engine =
        Engine::new(Settings { pinned: find("sse"), remembered: || None, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    engine.settle(now);
    engine.receive(welcome(Verdict::New), now);
    engine.receive(event("a", cursor(1, 5)), now);
    engine.receive(heartbeat(cursor(1, 6)), now);
    engine
}

#[wasm_bindgen_test]
fn nothing_is_opened_before_it_is_known_who_leads() {
    let mut engine =
        Engine::new(Settings { pinned: None, remembered: || None, role: Role::Unknown, random: || 1.0 });
    engine.watch(topic("a"), None);
    assert!(engine.settle(0.0).is_empty());
    assert_eq!(engine.link(0.0).state, LinkState::Connecting);
    assert_eq!(opened(&engine.play(Role::Leads, 1.0)).0, "websocket");

    let mut engine = Engine::new(Settings {
        pinned: find("sse"),
        remembered: || None,
        role: Role::Unknown,
        random: || 1.0,
    });
    engine.watch(topic("a"), None);
    engine.settle(0.0);
    let actions = engine.play(Role::Follows, 1.0);
    assert_eq!(opened(&actions).0, SHARED.id, "whatever is pinned: that is for the one who leads");
    assert!(engine.link(1.0).shared);
}

#[wasm_bindgen_test]
fn what_a_new_tab_follows_is_asked_for_with_all_that_the_log_has() {
    let mut engine = live(0.0);
    let ask = asks("topics=a,b&snapshot=a,b");
    engine.take_in(&ask);
    assert_eq!(engine.tells(&ask.topics), None, "it is not told yet");
    let actions = engine.settle(1.0);
    let [
        Action::Send(ClientFrame::Unsubscribe { topics: gone }),
        Action::Send(ClientFrame::Subscribe { topics: come, since: None, snapshot: true }),
    ] = &actions[..]
    else {
        panic!("{actions:?}");
    };
    assert_eq!((&gone[..], &come[..]), (&[topic("a")][..], &[topic("a"), topic("b")][..]));
    assert_eq!(engine.tells(&ask.topics), None, "nor before the server says so");
    engine.receive(ClientEvent::Frame(ServerFrame::Subscribed { topics: come.clone() }), 2.0);
    assert!(engine.tells(&ask.topics).is_some());
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 5)), 2.0)), 0, "this page has it already");
    assert_eq!(delivered(&engine.receive(event("b", cursor(1, 4)), 2.0)), 0, "nobody watches that here");
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 7)), 2.0)), 1);

    // Once the other has left, only its own topics are.
    engine.let_go(&ask.topics);
    let actions = engine.settle(3.0);
    assert!(
        matches!(&actions[..], [Action::Send(ClientFrame::Unsubscribe { topics })] if *topics == [topic("b")]),
        "{actions:?}"
    );
}

#[wasm_bindgen_test]
fn a_one_way_line_is_opened_anew_for_a_new_tab_from_where_it_was() {
    let mut engine = live_one_way(0.0);
    let ask = asks("topics=b&snapshot=b");
    engine.take_in(&ask);
    let actions = engine.settle(1.0);
    assert_eq!(opened(&actions).1.query(), "topics=a,b&since=1-6&snapshot=b");
    assert_eq!(engine.link(1.0).state, LinkState::Live, "nobody sees it");
    engine.receive(welcome(Verdict::Resumed), 2.0);
    assert_eq!(engine.tells(&ask.topics), Some((Verdict::Resumed, 2)));
}

#[wasm_bindgen_test]
fn a_tab_that_comes_with_a_place_is_told_from_there() {
    // It stands where this one stands: nothing is to be asked.
    let mut engine = live(0.0);
    let ask = asks("topics=a&since=1-6");
    engine.take_in(&ask);
    assert!(engine.settle(1.0).is_empty());
    assert!(engine.tells(&ask.topics).is_some());

    // It stands further back: the line goes back there, and this page sees nothing of it.
    let behind = asks("topics=a,b&since=1-3");
    engine.take_in(&behind);
    assert_eq!(engine.tells(&ask.topics), None);
    let actions = engine.settle(2.0);
    assert_eq!(opened(&actions).1.query(), "topics=a,b&since=1-3");
    engine.receive(welcome(Verdict::Gap), 3.0);
    assert!(engine.begins_for_another());
    let gap = ServerFrame::Gap { reason: GapReason::Evicted, topics: vec![topic("a")] };
    assert!(engine.receive(ClientEvent::Frame(gap.clone()), 3.0).is_empty(), "this page misses nothing");
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 5)), 3.0)), 0);
    engine.receive(heartbeat(cursor(1, 9)), 3.0);
    let told = engine.receive(ClientEvent::Frame(gap), 4.0);
    assert!(matches!(told[..], [Action::Tell(Notice::Gap { .. })]), "from then on it is everyone's");
}

#[wasm_bindgen_test]
fn a_tab_that_knows_what_the_line_does_not_carry_is_told_from_its_place_and_not_a_snapshot() {
    let mut engine = live(0.0);
    engine.take_in(&asks("topics=b&since=1-6"));
    assert_eq!(opened(&engine.settle(1.0)).1.query(), "topics=a,b&since=1-6");
}

#[wasm_bindgen_test]
fn the_lead_passes_on_from_the_same_place() {
    let mut engine =
        Engine::new(Settings { pinned: None, remembered: || None, role: Role::Follows, random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    assert_eq!(opened(&engine.settle(0.0)).0, SHARED.id);
    let actions = engine.receive(welcome(Verdict::New), 1.0);
    assert!(actions.is_empty(), "its round trip is the leader's: {actions:?}");
    engine.receive(event("a", cursor(1, 5)), 1.0);
    engine.receive(heartbeat(cursor(1, 6)), 1.0);
    // Another leads: the line to it is a new one.
    let actions = engine.play(Role::Follows, 2.0);
    assert_eq!(
        (opened(&actions).0, opened(&actions).1.query()),
        (SHARED.id, "topics=a&since=1-6".to_owned())
    );
    assert_eq!(engine.tells(&[topic("a")]), None, "who does not lead tells nobody");
    // And now this one does, for another that stands further back.
    engine.take_in(&asks("topics=a&since=1-4"));
    let actions = engine.play(Role::Leads, 3.0);
    assert_eq!(
        (opened(&actions).0, opened(&actions).1.query()),
        ("websocket", "topics=a&since=1-4".to_owned())
    );
    assert_eq!(engine.link(3.0).state, LinkState::Live);
    engine.receive(welcome(Verdict::Resumed), 4.0);
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 5)), 4.0)), 0, "never twice");
    assert_eq!(delivered(&engine.receive(event("a", cursor(1, 7)), 4.0)), 1);
    assert!(engine.play(Role::Leads, 5.0).is_empty(), "it does already");
}

#[wasm_bindgen_test]
fn a_leader_that_says_nothing_is_asked_again_and_no_other_transport_is_tried() {
    let mut engine =
        Engine::new(Settings { pinned: None, remembered: || None, role: Role::Follows, random: || 1.0 });
    engine.watch(topic("a"), None);
    engine.settle(0.0);
    let mut now = 0.0;
    for _ in 0..4 {
        now = engine.deadline(now).expect("it does not wait for ever");
        assert!(matches!(engine.tick(now)[..], [Action::Close]), "given up");
        now = engine.deadline(now).expect("and tries again");
        assert_eq!(opened(&engine.tick(now)).0, SHARED.id);
    }
}

#[wasm_bindgen_test]
fn a_page_asks_anew_for_what_only_others_followed() {
    let mut engine = engine();
    engine.watch(topic("a"), None);
    engine.take_in(&asks("topics=b&snapshot=b"));
    assert_eq!(opened(&engine.settle(0.0)).1.query(), "topics=a,b&snapshot=a,b");
    engine.receive(welcome(Verdict::New), 1.0);
    engine.receive(event("b", cursor(1, 3)), 1.0);
    engine.receive(heartbeat(cursor(1, 6)), 1.0);
    engine.watch(topic("b"), None);
    let actions = engine.settle(2.0);
    assert!(
        matches!(&actions[..], [Action::Send(_), Action::Send(ClientFrame::Subscribe { topics, snapshot: true, .. })]
            if *topics == [topic("b")]),
        "{actions:?}"
    );
    assert_eq!(delivered(&engine.receive(event("b", cursor(1, 3)), 3.0)), 1, "now this page sees it");
}

#[wasm_bindgen_test]
fn what_the_leader_loses_is_lost_here_and_told_here() {
    let mut engine =
        Engine::new(Settings { pinned: None, remembered: || None, role: Role::Follows, random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    engine.settle(0.0);
    engine.receive(welcome(Verdict::New), 0.0);
    engine.receive(heartbeat(cursor(1, 6)), 0.0);
    assert!(matches!(engine.leader_lost(1_000.0)[..], [Action::Close]), "and nothing else is tried");
    assert_eq!(opened(&engine.retry(3_000.0)).1.query(), "topics=a&since=1-6");
    let told = engine.receive(welcome(Verdict::Resumed), 4_000.0);
    assert!(matches!(told[..], [Action::Tell(Notice::Resumed { away_ms: 4_000 })]), "{told:?}");
    assert!(live(0.0).leader_lost(1.0).is_empty(), "a line of its own is its own");
}

#[wasm_bindgen_test]
fn who_comes_before_the_line_has_told_its_place_is_asked_for_once_more() {
    let mut engine = engine();
    engine.watch(topic("a"), None);
    engine.settle(0.0);
    engine.receive(welcome(Verdict::Gap), 1.0);
    engine.receive(event("a", cursor(1, 4)), 1.0);
    engine.take_in(&asks("topics=a&since=1-4"));
    assert_eq!(opened(&engine.settle(2.0)).1.query(), "topics=a&since=1-4&snapshot=a");
}
