//! Messages on their way up.

use app::ports::SendOutcome;
use common::{
    ClientMessage,
    api::ApiError,
    frame::{ClientFrame, ErrorCode, ServerFrame, Verdict},
    limit::LimitName,
    message::{Receipt, Rejection},
};
use transports::{browser::ClientEvent, catalog::find, inbound::client::PostOutcome};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{cursor, heartbeat, live, topic, welcome};
use crate::engine::{Action, Engine, Role, Settings};

fn message(number: u32) -> ClientMessage {
    let id = format!("message-{number}").parse().expect("an id");
    ClientMessage { id, topic: topic("chat/lobby"), data: number.into() }
}

/// An engine that is live on Server-Sent Events.
fn one_way(now: f64) -> Engine {
    let mut engine =
        Engine::new(Settings { pinned: find("sse"), remembered: || None, role: Role::Leads, random: || 1.0 });
    engine.watch(topic("a"), Some(500));
    engine.settle(now);
    engine.receive(welcome(Verdict::New), now);
    engine.receive(heartbeat(cursor(1, 6)), now);
    engine
}

fn send(engine: &mut Engine, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        assert!(engine.send(message(number)).is_empty());
    }
}

/// The number of the message that goes up the line now, if one does.
fn on_line(engine: &mut Engine, now: f64) -> Option<u32> {
    match engine.next_message(now) {
        Some(Action::Send(ClientFrame::Send(message))) => message.data.as_u64().map(|number| number as u32),
        None => None,
        other => panic!("{other:?}"),
    }
}

/// The number of the message that is posted now, if one is.
fn posted(engine: &mut Engine, now: f64) -> Option<u32> {
    match engine.next_message(now) {
        Some(Action::Post(message)) => message.data.as_u64().map(|number| number as u32),
        None => None,
        other => panic!("{other:?}"),
    }
}

fn sent(number: u32) -> ClientEvent {
    ClientEvent::Frame(ServerFrame::Sent(Receipt { id: message(number).id, cursor: cursor(1, 9) }))
}

fn error() -> ApiError {
    ApiError::new(ErrorCode::BadMessage, "no".into())
}

fn rejected(number: u32, retry_ms: Option<u64>) -> ClientEvent {
    ClientEvent::Frame(ServerFrame::Rejected(Rejection { id: message(number).id, error: error(), retry_ms }))
}

fn told(actions: &[Action]) -> Option<(String, &SendOutcome)> {
    match actions {
        [Action::ReportOutcome(id, told)] => Some((id.to_string(), told)),
        [] => None,
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
fn messages_go_up_one_after_another_in_their_order() {
    let mut engine = live(0.0);
    send(&mut engine, [1, 2]);
    assert_eq!(on_line(&mut engine, 1.0), Some(1));
    assert_eq!(on_line(&mut engine, 1.0), None, "one at a time");
    assert_eq!(told(&engine.receive(sent(2), 2.0)), None, "that one was not sent");
    assert_eq!(
        told(&engine.receive(sent(1), 2.0)),
        Some(("message-1".into(), &SendOutcome::Sent(cursor(1, 9))))
    );
    assert_eq!(told(&engine.receive(sent(1), 2.0)), None, "told once");
    assert_eq!(on_line(&mut engine, 2.0), Some(2));
}

#[wasm_bindgen_test]
fn what_a_broken_line_did_not_answer_goes_up_the_next_first_and_under_the_same_name() {
    let mut engine = live(0.0);
    send(&mut engine, [1, 2]);
    assert_eq!(on_line(&mut engine, 1.0), Some(1));
    engine.receive(ClientEvent::Closed(Some(1006)), 2.0);
    assert_eq!(on_line(&mut engine, 2.0), None, "there is no line");
    engine.tick(600.0);
    assert_eq!(on_line(&mut engine, 600.0), None, "there is none yet");
    engine.receive(welcome(Verdict::Resumed), 700.0);
    assert_eq!(on_line(&mut engine, 700.0), Some(1));
    engine.receive(sent(1), 710.0);
    assert_eq!(on_line(&mut engine, 710.0), Some(2));
}

#[wasm_bindgen_test]
fn beside_a_one_way_line_messages_are_posted_and_again_where_the_network_lets_nothing_through() {
    let mut engine = one_way(0.0);
    send(&mut engine, [1, 2]);
    assert_eq!(posted(&mut engine, 0.0), Some(1));
    assert_eq!(posted(&mut engine, 0.0), None, "one at a time");
    let id = message(1).id;
    assert_eq!(told(&engine.posted(&id, PostOutcome::Lost, 100.0)), None);
    assert_eq!(posted(&mut engine, 599.0), None);
    assert_eq!(engine.deadline(599.0), Some(600.0));
    assert_eq!(posted(&mut engine, 600.0), Some(1));
    engine.posted(&id, PostOutcome::Lost, 700.0);
    engine.receive(ClientEvent::Closed(None), 800.0);
    engine.tick(1_400.0);
    engine.receive(welcome(Verdict::Resumed), 1_500.0);
    assert_eq!(posted(&mut engine, 1_500.0), Some(1), "the network is back");
    let sent = engine.posted(&id, PostOutcome::Sent(cursor(1, 9)), 1_600.0);
    assert_eq!(told(&sent), Some(("message-1".into(), &SendOutcome::Sent(cursor(1, 9)))));
    assert_eq!(posted(&mut engine, 1_600.0), Some(2));
}

#[wasm_bindgen_test]
fn a_server_that_asks_to_wait_gets_the_same_message_later() {
    let mut engine = live(0.0);
    send(&mut engine, [1, 2]);
    on_line(&mut engine, 0.0);
    assert_eq!(told(&engine.receive(rejected(1, Some(250)), 10.0)), None);
    assert_eq!(on_line(&mut engine, 259.0), None, "nor does another overtake it");
    assert_eq!(engine.deadline(100.0), Some(260.0));
    assert_eq!(on_line(&mut engine, 260.0), Some(1));
    let mut engine = one_way(0.0);
    send(&mut engine, [1]);
    posted(&mut engine, 0.0);
    engine.posted(&message(1).id, PostOutcome::Rejected(error(), Some(1_000)), 10.0);
    assert_eq!(posted(&mut engine, 1_009.0), None);
    assert_eq!(posted(&mut engine, 1_010.0), Some(1));
}

#[wasm_bindgen_test]
fn a_refusal_is_told_and_the_next_message_goes() {
    let mut engine = live(0.0);
    send(&mut engine, [1, 2]);
    on_line(&mut engine, 0.0);
    let actions = engine.receive(rejected(1, None), 10.0);
    assert_eq!(told(&actions), Some(("message-1".into(), &SendOutcome::Rejected(error()))));
    assert_eq!(on_line(&mut engine, 10.0), Some(2));
}

#[wasm_bindgen_test]
fn more_than_a_hundred_do_not_wait() {
    let mut engine = live(0.0);
    send(&mut engine, 0..100);
    let actions = engine.send(message(100));
    let Some((id, SendOutcome::Rejected(error))) = told(&actions) else { panic!("{actions:?}") };
    let limit = error.limit.map(|limit| (limit.name, limit.max));
    assert_eq!((id.as_str(), limit), ("message-100", Some((LimitName::UnsentMessages, 100))));
    on_line(&mut engine, 0.0);
    engine.receive(sent(0), 1.0);
    assert!(engine.send(message(100)).is_empty(), "there is room again");
}

#[wasm_bindgen_test]
fn a_message_under_which_lines_break_is_posted_so_that_the_line_can_live() {
    let mut engine = live(0.0);
    send(&mut engine, [1]);
    for now in [0.0, 10_000.0] {
        assert_eq!(on_line(&mut engine, now), Some(1));
        engine.receive(ClientEvent::Closed(Some(1006)), now + 10.0);
        if now == 0.0 {
            engine.tick(9_000.0);
            engine.receive(welcome(Verdict::Resumed), 9_000.0);
        }
    }
    assert_eq!(posted(&mut engine, 10_010.0), Some(1));
    engine.posted(&message(1).id, PostOutcome::Rejected(error(), None), 10_020.0);
    engine.tick(20_000.0);
    engine.receive(welcome(Verdict::Resumed), 20_000.0);
    send(&mut engine, [2]);
    assert_eq!(on_line(&mut engine, 20_000.0), Some(2), "the next is another message");
}

#[wasm_bindgen_test]
fn a_message_that_the_line_is_closed_for_is_posted_and_the_line_comes_back_soon() {
    let mut engine = live(0.0);
    send(&mut engine, [1]);
    on_line(&mut engine, 0.0);
    engine.receive(ClientEvent::Closed(Some(1009)), 10.0);
    assert_eq!(posted(&mut engine, 10.0), Some(1));
    assert!(matches!(engine.tick(510.0)[..], [Action::Open(..), ..]), "not after half a minute");
}

#[wasm_bindgen_test]
fn a_line_that_lives_and_does_not_answer_is_not_waited_for_for_ever() {
    let mut engine = live(0.0);
    send(&mut engine, [1]);
    on_line(&mut engine, 0.0);
    assert_eq!(posted(&mut engine, 29_999.0), None);
    assert_eq!(posted(&mut engine, 30_000.0), Some(1));
}

#[wasm_bindgen_test]
fn without_a_line_that_anyone_wants_messages_are_posted_and_without_a_network_they_wait() {
    let mut engine = live(0.0);
    engine.disconnect();
    send(&mut engine, [1]);
    engine.network(false, 10.0);
    assert_eq!(posted(&mut engine, 10.0), None);
    engine.network(true, 20.0);
    assert_eq!(posted(&mut engine, 20.0), Some(1));
}

#[wasm_bindgen_test]
fn a_message_that_is_given_up_is_not_sent_again() {
    let mut engine = live(0.0);
    send(&mut engine, [1, 2, 3]);
    on_line(&mut engine, 0.0);
    engine.give_up(&message(2).id);
    engine.give_up(&message(1).id);
    assert_eq!(told(&engine.receive(sent(1), 1.0)), None, "no one waits for it");
    assert_eq!(on_line(&mut engine, 1.0), Some(3));
}
