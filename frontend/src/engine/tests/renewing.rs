//! Lines that end because they are old, and not because anything is wrong.

use app::ports::LinkState;
use common::frame::{ByeReason, ServerFrame};
use transports::browser::ClientEvent;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{live, opened};
use crate::engine::Action;

#[wasm_bindgen_test]
fn a_line_that_is_renewed_is_followed_at_once_and_nothing_is_seen_of_it() {
    let mut engine = live(0.0);
    let bye = ServerFrame::Bye { reason: ByeReason::Renew, retry_ms: 100 };
    let actions = engine.receive(ClientEvent::Frame(bye), 100.0);
    let (_, ask) = opened(&actions);
    assert!(ask.since.is_some(), "from where the old one ended");
    assert_eq!(engine.link(150.0).state, LinkState::Live);
}

#[wasm_bindgen_test]
fn a_session_that_has_ended_is_asked_about_at_the_address_of_the_line() {
    let mut engine = live(0.0);
    let transport = engine.link(50.0).transport;
    let bye = ServerFrame::Bye { reason: ByeReason::SignedOut, retry_ms: 100 };
    let actions = engine.receive(ClientEvent::Frame(bye), 100.0);
    let [Action::Examine(entry)] = &actions[..] else { panic!("{actions:?}") };
    assert_eq!(entry.id, transport);
}
