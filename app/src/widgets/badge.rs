//! The connection in a few words: what it does, over which wire, how quick. Opens what can be done about it.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::{
    format,
    live::{Clock, Line},
    ports::LinkState,
    words::{Tongue, Words, t},
};

/// The state's name for the stylesheet, its word, and what it means.
type Told = (&'static str, &'static str, &'static str);

fn tell(state: LinkState, words: &'static Words) -> Told {
    match state {
        LinkState::Idle => ("idle", words.state_idle, words.idle_hint),
        LinkState::Connecting => ("connecting", words.state_connecting, words.connecting_hint),
        LinkState::Live => ("live", words.state_live, words.live_hint),
        LinkState::Delayed => ("delayed", words.state_delayed, words.delayed_hint),
        LinkState::Stale => ("stale", words.state_stale, words.stale_hint),
        LinkState::Reconnecting { .. } => ("reconnecting", words.state_reconnecting, words.reconnecting_hint),
        LinkState::Offline { .. } => ("offline", words.state_offline, words.offline_hint),
        LinkState::Stopped => ("stopped", words.state_stopped, words.stopped_hint),
    }
}

#[component]
pub(crate) fn Badge() -> impl IntoView {
    let (line, tongue) = (Line::here(), Tongue::here());
    let told = Memo::new(move |_| tell(line.state(), tongue.words()));
    let transport = Memo::new(move |_| line.transport_name(line.link().transport));
    let quick = move || round_trip(line, tongue.words());
    view! {
        <button
            type="button"
            class="badge needs-js"
            data-testid="badge"
            data-state=move || told.get().0
            aria-label=move || [tongue.words().connection, ": ", told.get().1, " ", transport.get()].concat()
            popovertarget="connection"
        >
            <StateMark />
            <span class="badge__state" data-testid="badge-state">{move || told.get().1}</span>
            <span class="badge__wire" hidden=move || transport.get().is_empty()>{transport}</span>
            <span class="badge__quick" hidden=move || quick().is_empty()>{quick}</span>
        </button>
        <div id="connection" class="popover popover--badge" popover="auto" role="dialog" aria-label=t(|w| w.connection)>
            <h2 class="popover__title" data-state=move || told.get().0>
                <StateMark />
                <span>{move || told.get().1}</span>
            </h2>
            <p class="popover__hint">{move || told.get().2}</p>
            <Waiting />
            <dl class="facts facts--rows">
                <dt>{t(|w| w.transport)}</dt>
                <dd>{move || dash(transport.get().to_owned())}</dd>
                <dt>{t(|w| w.round_trip)}</dt>
                <dd class="number">{move || dash(round_trip(line, tongue.words()))}</dd>
                <dt>{t(|w| w.reason)}</dt>
                <dd>{move || dash(line.link().reason.unwrap_or_default())}</dd>
            </dl>
            <TransportChoice />
            <div class="popover__foot">
                <Show
                    when=move || line.is_wanted()
                    fallback=move || {
                        view! {
                            <button type="button" class="button button--main" on:click=move |_| line.connect_all()>
                                {icon(Icon::PLAY)}
                                <span>{t(|w| w.connect)}</span>
                            </button>
                        }
                    }
                >
                    <button type="button" class="button" on:click=move |_| line.disconnect_all()>
                        {icon(Icon::STOP)}
                        <span>{t(|w| w.disconnect)}</span>
                    </button>
                </Show>
            </div>
        </div>
    }
}

/// The state's shape: each state has its own, because colour never speaks alone. The stylesheet draws it.
#[component]
fn StateMark() -> impl IntoView {
    view! { <span class="mark" aria-hidden="true"></span> }
}

fn round_trip(line: Line, words: &Words) -> String {
    line.link().round_trip_ms.map_or_else(String::new, |ms| (words.milliseconds)(ms.round() as u64))
}

fn dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// Between two attempts: which is next, when, and a way not to wait.
#[component]
fn Waiting() -> impl IntoView {
    let (line, tongue, clock) = (Line::here(), Tongue::here(), Clock::here());
    let wait = Memo::new(move |_| match line.state() {
        LinkState::Reconnecting { attempt, next_at } | LinkState::Offline { attempt, next_at } => {
            Some((attempt, next_at))
        }
        _ => None,
    });
    let told = move || {
        let (words, Some((attempt, next_at))) = (tongue.words(), wait.get()) else { return String::new() };
        let left = next_at.saturating_sub(clock.now().unwrap_or(0)).div_ceil(1000) * 1000;
        let next = if left == 0 {
            words.trying.to_owned()
        } else {
            (words.next_try)(&format::duration(left, words))
        };
        [(words.attempt)(attempt).as_str(), ", ", &next].concat()
    };
    view! {
        <Show when=move || wait.get().is_some()>
            <p class="popover__wait">
                <span class="number">{told}</span>
                <button type="button" class="button" data-testid="retry" on:click=move |_| line.retry_now()>
                    {t(|w| w.retry_now)}
                </button>
            </p>
        </Show>
    }
}

/// The wires there are. Known after mount: the catalog is the browser's.
#[component]
fn TransportChoice() -> impl IntoView {
    let line = Line::here();
    let known = RwSignal::new(Vec::new());
    Effect::new(move |_| known.set(line.transports()));
    let radio = move |(id, name): (&'static str, &'static str)| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="transport"
                    value=id
                    prop:checked=move || line.link().transport == id
                    on:change=move |_| line.use_transport(id)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices" data-testid="transports">
            <legend>{t(|w| w.transport)}</legend>
            {move || known.get().into_iter().map(radio).collect_view()}
        </fieldset>
    }
}
