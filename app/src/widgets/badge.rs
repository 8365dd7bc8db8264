//! The connection in a few words: what it does, over which wire, how quick. Opens what can be done about it.

use common::frame::ByeReason;
use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, change, click, either, flag, list, live, text, when},
    icon,
};
use crate::{
    format,
    i18n::Words,
    live::{Cell, Clock, Connection, effect},
    ports::{Link, LinkState, TransportFault, TransportReason},
};

/// The state's name for the stylesheet, its word, and what it means.
type StateLabel = (&'static str, &'static str, &'static str);

fn tell(state: LinkState, words: &'static Words) -> StateLabel {
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
    let (line, words) = (Connection::here(), Words::here());
    let told = move || tell(line.told_state(), words);
    let transport = move || line.transport_name(line.link().transport);
    let quick = move || round_trip(line, words);
    let hint = move || {
        let link = line.link();
        match turned_away(&link) {
            Some(reason) => (words.wire.turned_away)(reason),
            None if is_barred(&link) => words.wire.barred,
            None => told().2,
        }
    };
    view! {
        <button
            type="button"
            class="badge needs-js"
            data-testid="badge"
            data-state=text(move || told().0)
            aria-label=text(move || [words.connection, ": ", told().1, " ", &quick(), " ", transport()].concat())
            popovertarget="connection"
        >
            {state_mark()}
            <span class="badge__state" data-testid="badge-state">{text(move || told().1)}</span>
            " "
            <span class="badge__quick">{text(quick)}</span>
            " "
            <span class="badge__wire">{text(transport)}</span>
        </button>
        <div id="connection" class="popover popover--badge" popover="auto" role="dialog" aria-label=words.connection>
            <h2 class="popover__title" data-state=text(move || told().0)>
                {state_mark()}
                <span>{text(move || told().1)}</span>
            </h2>
            <p class="popover__hint">{text(hint)}</p>
            <Waiting />
            <dl class="facts facts--rows">
                <dt>{words.transport}</dt>
                <dd>{text(move || dash(carried_by(line, words)))}</dd>
                <dt>{words.round_trip}</dt>
                <dd class="number">{text(move || dash(quick()))}</dd>
                <dt>{words.reason}</dt>
                <dd>{text(move || dash(why(line, words)))}</dd>
            </dl>
            <TransportChoice />
            <div class="popover__foot">
                {either(move || line.is_wanted(), move || disconnect(line), move || connect(line))}
            </div>
        </div>
    }
    .erase()
}

fn connect(line: Connection) -> ErasedView {
    view! {
        <button type="button" class="button button--main" on:click=click(move || line.connect_all())>
            {icon(Icon::PLAY)}
            <span>{Words::here().connect}</span>
        </button>
    }
    .erase()
}

fn disconnect(line: Connection) -> ErasedView {
    view! {
        <button type="button" class="button" on:click=click(move || line.disconnect_all())>
            {icon(Icon::STOP)}
            <span>{Words::here().disconnect}</span>
        </button>
    }
    .erase()
}

/// The state's shape: each state has its own, because colour never speaks alone. The stylesheet draws it.
fn state_mark() -> ErasedView {
    view! { <span class="mark" aria-hidden="true"></span> }.erase()
}

/// Returns true if the reader's choice of a transport, which does not get through, keeps the page from its server.
fn is_barred(link: &Link) -> bool {
    let is_lost = matches!(link.state, LinkState::Reconnecting { .. } | LinkState::Offline { .. });
    is_lost && link.pinned.is_some() && link.why.is_some_and(|why| why.tries > 0)
}

/// Returns the reason with which the server ended the connection.
fn turned_away(link: &Link) -> Option<ByeReason> {
    match link.why?.fault {
        TransportFault::TurnedAway(reason) => Some(reason),
        _ => None,
    }
}

/// The transport, and in which tab.
fn carried_by(line: Connection, words: &Words) -> String {
    let link = line.link();
    let shared = if link.shared { words.wire.shared } else { "" };
    [line.transport_name(link.transport), shared].concat()
}

fn round_trip(line: Connection, words: &Words) -> String {
    line.link().round_trip_ms.map_or_else(String::new, |ms| (words.milliseconds)(ms.round() as u64))
}

/// Explains the failure of a better transport, or of this one, and names the one in use.
fn why(line: Connection, words: &Words) -> String {
    let link = line.link();
    let Some(TransportReason { transport, tries, fault }) = link.why else { return String::new() };
    let what = match fault {
        TransportFault::Silent => words.wire.silent.to_owned(),
        TransportFault::Cut => words.wire.cut.to_owned(),
        TransportFault::Answered(status) => (words.wire.answered)(status),
        TransportFault::Closed(code) => (words.wire.closed)(code),
        TransportFault::Before => words.wire.before.to_owned(),
        TransportFault::TurnedAway(reason) => return (words.wire.turned_away)(reason).to_owned(),
    };
    let mut told = (words.wire.blocked)(line.transport_name(transport), tries, &what);
    if link.transport != transport {
        told += &(words.wire.using)(line.transport_name(link.transport));
    }
    told
}

fn dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// Between two attempts: which is next, when, and a way not to wait.
#[component]
fn Waiting() -> impl IntoView {
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
            words.trying.to_owned()
        } else {
            (words.next_try)(&format::duration(left, words))
        };
        [(words.attempt)(attempt).as_str(), ", ", &next].concat()
    };
    let waiting = move || {
        view! {
            <p class="popover__wait">
                <span class="number">{text(told)}</span>
                <button type="button" class="button" data-testid="retry" on:click=click(move || line.retry_now())>
                    {words.retry_now}
                </button>
            </p>
        }
        .fresh()
    };
    when(move || wait().is_some(), waiting)
}

/// The wires there are. Known after mount: the catalog is the browser's.
#[component]
fn TransportChoice() -> impl IntoView {
    let (line, words) = (Connection::here(), Words::here());
    let known = Cell::new(false);
    effect(move || known.set(true));
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
    let choices = move || {
        let known = if known.get() { line.transports() } else { Vec::new() };
        let first = (!known.is_empty()).then_some((None, words.wire.automatic));
        list(first.into_iter().chain(known.into_iter().map(|(id, name)| (Some(id), name))).map(radio))
    };
    view! {
        <fieldset class="choices" data-testid="transports">
            <legend>{words.transport}</legend>
            {live(choices)}
        </fieldset>
    }
    .erase()
}
