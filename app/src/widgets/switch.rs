//! A card's footer: whether it is connected, how old its numbers are, and the button that changes it.

use leptos::prelude::*;

use crate::{
    format,
    live::{CardState, Switch},
    words::{Pick, Tongue},
};

#[component]
pub(super) fn SwitchFoot(switch: Switch, title: Pick) -> impl IntoView {
    let tongue = Tongue::here();
    let status = move || {
        let words = tongue.words();
        match switch.state.get() {
            CardState::Waiting => words.not_yet,
            CardState::Lost | CardState::Stopped => words.disconnected,
            _ => words.connected,
        }
    };
    let age = move || {
        let words = tongue.words();
        let told = switch.age.get().map(|age| format::age(age, words)).unwrap_or_default();
        match switch.state.get() {
            CardState::Delayed => [words.state_delayed, " · ", &told].concat(),
            CardState::Lost => [words.state_reconnecting, " · ", &told].concat(),
            CardState::Stale => [words.state_stale, " · ", &told].concat(),
            _ => told,
        }
    };
    let is_off = move || matches!(switch.state.get(), CardState::Stopped | CardState::Waiting);
    let connect = move || (tongue.words().connect_one)(title(tongue.words()));
    let disconnect = move || (tongue.words().disconnect_one)(title(tongue.words()));
    view! {
        <footer class="card__foot">
            <p class="card__status">
                <span class="mark" aria-hidden="true"></span>
                <span data-testid="status">{status}</span>
            </p>
            <p class="card__age number" data-testid="age">{age}</p>
            <button
                type="button"
                class="button button--quiet needs-js"
                data-testid="connect"
                hidden=move || !is_off()
                aria-label=connect
                on:click=move |_| switch.turn(true)
            >
                {move || tongue.words().connect}
            </button>
            <button
                type="button"
                class="button button--quiet needs-js"
                data-testid="disconnect"
                hidden=is_off
                aria-label=disconnect
                on:click=move |_| switch.turn(false)
            >
                {move || tongue.words().disconnect}
            </button>
        </footer>
    }
    .into_any()
}
