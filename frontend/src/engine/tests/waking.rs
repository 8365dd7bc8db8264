//! Pages that no one sees, and machines that sleep.

use app::ports::{LinkState, Notice};
use common::frame::{ClientFrame, ServerFrame, Verdict};
use transports::{browser::ClientEvent, catalog::CATALOG};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{cursor, event, heartbeat, live, opened, topic, welcome};
use crate::engine::{Action, Engine, Role, Settings};

const MINUTE_MS: f64 = 60_000.0;

fn is_for_the_line(action: &Action) -> bool {
    matches!(action, Action::Open(..) | Action::Close | Action::Try(..) | Action::Examine(_))
}

#[wasm_bindgen_test]
fn twelve_minutes_hidden_cost_no_line_on_any_transport() {
    for entry in CATALOG {
        let mut engine = Engine::new(Settings {
            pinned: Some(entry),
            remembered: || None,
            role: Role::Leads,
            random: || 1.0,
        });
        engine.watch(topic("a"), Some(500));
        engine.settle(0.0);
        engine.receive(welcome(Verdict::New), 0.0);
        engine.receive(heartbeat(cursor(1, 1)), 0.0);
        engine.show(false, 0.0);
        let (mut now, mut seq) = (0.0, 1);
        // A page that asks by the clock is let run once a minute, and hears once a minute; the others are told as ever.
        let step = if entry.timed { MINUTE_MS } else { 500.0 };
        while now < 12.0 * MINUTE_MS {
            now += step;
            seq += 1;
            let mut actions = if now % MINUTE_MS == 0.0 { engine.tick(now) } else { vec![] };
            actions.extend(engine.receive(event("a", cursor(1, seq)), now));
            assert!(!actions.iter().any(is_for_the_line), "{} at {now}: {actions:?}", entry.id);
        }
        let actions = engine.show(true, now + 400.0);
        assert!(!actions.iter().any(is_for_the_line), "{} when it is shown: {actions:?}", entry.id);
        assert_eq!(engine.link(now + 400.0).state, LinkState::Live, "{}", entry.id);
    }
}

#[wasm_bindgen_test]
fn after_a_long_sleep_the_line_is_opened_at_once_from_where_it_was() {
    let mut engine = live(0.0);
    let now = 8.0 * 60.0 * MINUTE_MS;
    let actions = engine.wake(now);
    assert!(matches!(actions[0], Action::Close), "{actions:?}");
    assert_eq!(opened(&actions[1..]).1.query(), "topics=a&since=1-6");
    let told = engine.receive(welcome(Verdict::Resumed), now + 100.0);
    assert!(matches!(told[0], Action::Tell(Notice::Resumed { .. })), "{told:?}");
}

#[wasm_bindgen_test]
fn after_a_nap_the_line_is_asked_whether_it_lives() {
    // It does.
    let mut engine = live(0.0);
    let asked = engine.wake(8_000.0);
    let [Action::Send(ClientFrame::Ping { id })] = asked[..] else { panic!("{asked:?}") };
    engine.receive(ClientEvent::Frame(ServerFrame::Pong { id }), 8_040.0);
    assert!(!engine.tick(12_000.0).iter().any(is_for_the_line));

    // It does not: no longer than a handshake may take, and then a new one.
    let mut engine = live(0.0);
    engine.probed(Some(20.0), 1.0);
    engine.wake(8_000.0);
    let due = engine.deadline(8_000.0).expect("something is waited for");
    assert!(due <= 9_000.0, "{due}");
    let actions = engine.tick(due);
    assert!(matches!(actions[0], Action::Close), "{actions:?}");
    opened(&actions[1..]);

    // A blink is no sleep.
    let mut engine = live(0.0);
    assert!(engine.wake(1_000.0).is_empty());
}

#[wasm_bindgen_test]
fn a_page_that_is_put_away_has_no_line_and_goes_on_from_its_cursor_when_it_is_back() {
    let mut engine = live(0.0);
    let actions = engine.put_away();
    assert!(matches!(actions[..], [Action::Close]), "{actions:?}");
    for now in [0.0, 10.0 * MINUTE_MS] {
        assert!(engine.settle(now).is_empty() && engine.tick(now).is_empty(), "it is not opened meanwhile");
    }
    assert_eq!(engine.deadline(MINUTE_MS), None, "and nothing is waited for");
    let now = 11.0 * MINUTE_MS;
    assert_eq!(opened(&engine.play(Role::Leads, now)).1.query(), "topics=a&since=1-6");
    let told = engine.receive(welcome(Verdict::Resumed), now + 100.0);
    assert!(!told.iter().any(|action| matches!(action, Action::Tell(_))), "nobody was cut off: {told:?}");
    assert_eq!(engine.link(now + 100.0).state, LinkState::Live);

    // A connection that a person has stopped stays stopped.
    engine.disconnect();
    assert!(engine.put_away().is_empty());
    assert!(engine.play(Role::Leads, now + 200.0).is_empty());
    assert_eq!(engine.link(now + 200.0).state, LinkState::Stopped);
}

fn paces(actions: &[Action]) -> Vec<u32> {
    let pace = |action: &Action| match action {
        Action::Send(ClientFrame::Pace { ms }) => Some(*ms),
        _ => None,
    };
    actions.iter().filter_map(pace).collect()
}

#[wasm_bindgen_test]
fn a_page_that_no_one_sees_is_told_every_five_seconds_and_as_ever_once_it_is_shown() {
    let mut engine = live(0.0);
    assert!(paces(&engine.show(false, 100.0)).is_empty(), "a glance at another tab changes nothing");
    assert_eq!(engine.deadline(100.0), Some(2_500.0), "its silence is judged before");
    engine.receive(event("a", cursor(1, 7)), 10_000.0);
    assert_eq!(paces(&engine.tick(10_100.0)), [5_000]);
    assert!(paces(&engine.tick(10_200.0)).is_empty(), "said once");
    engine.receive(event("a", cursor(1, 8)), 15_000.0);
    assert_eq!(engine.link(19_900.0).state, LinkState::Live, "a silence of that length is meant");
    let shown = engine.show(true, 19_900.0);
    assert_eq!(paces(&shown), [0]);
    assert!(!shown.iter().any(is_for_the_line), "{shown:?}");
    assert_eq!(engine.link(19_950.0).state, LinkState::Live, "what is new is on its way");
}

#[wasm_bindgen_test]
fn a_tab_that_others_have_their_line_from_is_told_as_ever() {
    let mut engine = live(0.0);
    engine.show(false, 0.0);
    engine.receive(event("a", cursor(1, 7)), 10_000.0);
    assert_eq!(paces(&engine.tick(10_000.0)), [5_000]);
    let ask =
        transports::browser::SubscribeRequest::read("topics=a&snapshot=a").expect("what a tab asks for");
    engine.take_in(&ask);
    assert_eq!(paces(&engine.settle(11_000.0)), [0]);
    engine.receive(event("a", cursor(1, 8)), 29_900.0);
    assert!(paces(&engine.tick(30_000.0)).is_empty());
    engine.let_go(&ask.topics);
    engine.receive(event("a", cursor(1, 9)), 31_000.0);
    assert_eq!(paces(&engine.tick(31_000.0)), [5_000]);
}
