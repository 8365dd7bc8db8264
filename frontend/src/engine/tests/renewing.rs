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
fn a_page_of_a_session_that_has_ended_or_has_other_rights_is_asked_for_anew() {
    let mut engine = live(0.0);
    let bye = ServerFrame::Bye { reason: ByeReason::SignedOut, retry_ms: 100 };
    let actions = engine.receive(ClientEvent::Frame(bye), 100.0);
    assert!(matches!(actions[..], [Action::Reload]), "{actions:?}");
}
