//! A card's footer: whether it is connected, how old its numbers are, and the button that changes it.

use leptos::prelude::*;

use super::{
    part::{IntoPart, click, flag, text},
    twins::Twins,
};
use crate::{
    format,
    live::{CardState, Switch},
    words::Words,
};

#[component]
pub(super) fn SwitchFoot(switch: Switch, title: &'static str) -> impl IntoView {
    let words = Words::here();
    let status = move || match switch.state.get() {
        CardState::Waiting => words.not_yet,
        CardState::Lost | CardState::Stopped => words.disconnected,
        _ => words.connected,
    };
    let age = move || {
        let told = switch.age.get().map(|age| format::age(age, words)).unwrap_or_default();
        match switch.state.get() {
            CardState::Delayed => [words.state_delayed, " · ", &told].concat(),
            CardState::Lost => [words.state_reconnecting, " · ", &told].concat(),
            CardState::Stale => [words.state_stale, " · ", &told].concat(),
            _ => told,
        }
    };
    let is_off = move || matches!(switch.state.get(), CardState::Stopped | CardState::Waiting);
    let twins = Twins::new(is_off);
    view! {
        <footer class="card__foot">
            <p class="card__status">
                <span class="mark" aria-hidden="true"></span>
                <span data-testid="status">{text(status)}</span>
            </p>
            <p class="card__age number" data-testid="age">{text(age)}</p>
            <button
                type="button"
                class="button button--quiet needs-js"
                data-testid="connect"
                node_ref=twins.connect
                hidden=flag(move || !is_off())
                aria-label=(words.connect_one)(title)
                on:click=click(move || switch.turn(true))
            >
                {words.connect}
            </button>
            <button
                type="button"
                class="button button--quiet needs-js"
                data-testid="disconnect"
                node_ref=twins.disconnect
                hidden=flag(is_off)
                aria-label=(words.disconnect_one)(title)
                on:click=click(move || switch.turn(false))
            >
                {words.disconnect}
            </button>
        </footer>
    }
    .part()
}
