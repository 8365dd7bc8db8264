//! The badge's popover: it tells what the connection does and why, which transport it takes, and how to stop it. Its code comes
//! with the other popovers.

use common::frame::ByeReason;
use leptos::{prelude::*, task::spawn_local};

use super::{
    Icon,
    badge::{round_trip, state_mark, tell},
    erased_view::{ErasedView, IntoErasedView, change, click, either, flag, list, text, when},
    icon,
};
use crate::{
    format,
    i18n::{WireWords, Words},
    live::{Cell, Clock, Connection, effect},
    ports::{Link, LinkState, TransportFault, TransportReason},
};

/// The time between two questions to a server that may not be ready, milliseconds.
const ASK_AGAIN_MS: u64 = 3_000;

/// Renders the contents of the badge's popover.
pub(super) fn connection() -> ErasedView {
    let (line, words) = (Connection::here(), Words::here());
    let told = move || tell(line.told_state(), words);
    let hint = move || {
        let link = line.link();
        match turned_away(&link) {
            Some(reason) => (WireWords::here().turned_away)(reason),
            None if is_barred(&link) => WireWords::here().barred,
            None => meaning(line.told_state()),
        }
    };
    view! {
        <h2 class="popover__title" data-state=text(move || told().0)>
            {state_mark()}
            <span>{text(move || told().1)}</span>
        </h2>
        <p class="popover__hint">{text(hint)}</p>
        {waiting()}
        {when(move || line.told_state() == LinkState::Stale, server_says)}
        <dl class="facts facts--rows">
            <dt>{words.transport}</dt>
            <dd>{text(move || dash(carried_by(line)))}</dd>
            <dt>{words.round_trip}</dt>
            <dd class="number">{text(move || dash(round_trip(line, words)))}</dd>
            <dt>{WireWords::here().reason}</dt>
            <dd>{text(move || dash(why(line, words)))}</dd>
        </dl>
        {transport_choice()}
        <div class="popover__foot">
            {either(move || line.is_wanted(), move || disconnect(line), move || connect(line))}
        </div>
    }
    .fresh()
}

/// Explains a state in one sentence.
fn meaning(state: LinkState) -> &'static str {
    let words = WireWords::here();
    match state {
        LinkState::Idle => words.idle_hint,
        LinkState::Connecting => words.connecting_hint,
        LinkState::Live => words.live_hint,
        LinkState::Delayed => words.delayed_hint,
        LinkState::Stale => words.stale_hint,
        LinkState::Reconnecting { .. } => words.reconnecting_hint,
        LinkState::Offline { .. } => words.offline_hint,
        LinkState::Stopped => words.stopped_hint,
    }
}

/// Tells what the server says of itself while nothing new comes: its log at NATS may be away.
fn server_says() -> ErasedView {
    let (line, clock) = (Connection::here(), Clock::here());
    let (told, next) = (Cell::new(String::new()), Cell::new(0));
    effect(move || {
        let now = clock.now().unwrap_or(0);
        if now < next.peek() {
            return;
        }
        next.set(now + ASK_AGAIN_MS);
        let Some(answer) = line.ask_unready() else { return };
        spawn_local(async move {
            let why = answer.await;
            if !told.is_gone() {
                told.set(why);
            }
        });
    });
    let says = move || told.with(|why| (WireWords::here().server_says)(why));
    let line = move || view! { <p class="popover__hint" data-testid="server-says">{text(says)}</p> }.fresh();
    when(move || told.with(|why| !why.is_empty()), line).fresh()
}

fn connect(line: Connection) -> ErasedView {
    view! {
        <button type="button" class="button button--main" on:click=click(move || line.connect_all())>
            {icon(Icon::PLAY)}
            <span>{Words::here().connect}</span>
        </button>
    }
    .fresh()
}

fn disconnect(line: Connection) -> ErasedView {
    view! {
        <button type="button" class="button" on:click=click(move || line.disconnect_all())>
            {icon(Icon::STOP)}
            <span>{Words::here().disconnect}</span>
        </button>
    }
    .fresh()
}

/// Returns true when the page cannot reach its server because the chosen transport does not get through.
fn is_barred(link: &Link) -> bool {
    let is_lost = matches!(link.state, LinkState::Reconnecting { .. } | LinkState::Offline { .. });
    is_lost && link.pinned.is_some() && link.why.is_some_and(|why| why.tries > 0)
}

/// Returns the reason that the server gave as it ended the connection.
fn turned_away(link: &Link) -> Option<ByeReason> {
    match link.why?.fault {
        TransportFault::TurnedAway(reason) => Some(reason),
        _ => None,
    }
}

/// The transport, and in which tab.
fn carried_by(line: Connection) -> String {
    let link = line.link();
    let shared = if link.shared { WireWords::here().shared } else { "" };
    [line.transport_name(link.transport), shared].concat()
}

/// Tells what keeps the page from a better transport, or from this one, and what is used instead.
fn why(line: Connection, words: &Words) -> String {
    let link = line.link();
    let Some(TransportReason { transport, tries, fault }) = link.why else { return String::new() };
    let what = match fault {
        TransportFault::Silent => WireWords::here().silent.to_owned(),
        TransportFault::Cut => WireWords::here().cut.to_owned(),
        TransportFault::Answered(status) => (words.answered)(status),
        TransportFault::Closed(code) => (WireWords::here().closed)(code),
        TransportFault::Before => WireWords::here().before.to_owned(),
        TransportFault::TurnedAway(reason) => return (WireWords::here().turned_away)(reason).to_owned(),
    };
    let mut told = (WireWords::here().blocked)(line.transport_name(transport), tries, &what);
    if link.transport != transport {
        told += &(WireWords::here().using)(line.transport_name(link.transport));
    }
    told
}

fn dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// Between two attempts: which is next, when, and a way not to wait.
fn waiting() -> ErasedView {
    let (line, words, clock) = (Connection::here(), Words::here(), Clock::here());
    let wait = move || match line.state() {
        LinkState::Reconnecting { attempt, next_at } | LinkState::Offline { attempt, next_at } => {
            Some((attempt, next_at))
        }
        _ => None,
    };
    let told = move || {
        let Some((attempt, next_at)) = wait() else { return String::new() };
        let left = next_at.saturating_sub(clock.now().unwrap_or(0)).div_ceil(1000) * 1000;
        let next = if left == 0 {
            WireWords::here().trying.to_owned()
        } else {
            (WireWords::here().next_try)(&format::duration(left, words))
        };
        [(WireWords::here().attempt)(attempt).as_str(), ", ", &next].concat()
    };
    let waiting = move || {
        view! {
            <p class="popover__wait">
                <span class="number">{text(told)}</span>
                <button type="button" class="button" data-testid="retry" on:click=click(move || line.retry_now())>
                    {WireWords::here().retry_now}
                </button>
            </p>
        }
        .fresh()
    };
    when(move || wait().is_some(), waiting).fresh()
}

/// The wires there are.
fn transport_choice() -> ErasedView {
    let (line, words) = (Connection::here(), Words::here());
    let radio = move |(id, name): (Option<&'static str>, &'static str)| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="transport"
                    value=id.unwrap_or("automatic")
                    prop:checked=flag(move || line.link().pinned == id)
                    on:change=change(move || line.pin_transport(id))
                />
                <span>{name}</span>
            </label>
        }
        .fresh()
    };
    let known = line.transports().into_iter().map(|(id, name)| (Some(id), name));
    let choices = std::iter::once((None, WireWords::here().automatic)).chain(known).map(radio);
    view! {
        <fieldset class="choices" data-testid="transports">
            <legend>{words.transport}</legend>
            {list(choices)}
        </fieldset>
    }
    .fresh()
}
