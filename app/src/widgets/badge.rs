//! The connection in a few words: what it does, over which wire, how quick. Opens what can be done about it.

use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView, change, text},
    popovers::{Popovers, inside, opened},
};
use crate::{i18n::Words, live::Connection, ports::LinkState};

/// The state's name for the stylesheet, and its word.
type StateLabel = (&'static str, &'static str);

pub(super) fn tell(state: LinkState, words: &'static Words) -> StateLabel {
    match state {
        LinkState::Idle => ("idle", words.state_idle),
        LinkState::Connecting => ("connecting", words.state_connecting),
        LinkState::Live => ("live", words.state_live),
        LinkState::Delayed => ("delayed", words.state_delayed),
        LinkState::Stale => ("stale", words.state_stale),
        LinkState::Reconnecting { .. } => ("reconnecting", words.state_reconnecting),
        LinkState::Offline { .. } => ("offline", words.state_offline),
        LinkState::Stopped => ("stopped", words.state_stopped),
    }
}

#[component]
pub(crate) fn Badge() -> impl IntoView {
    let (line, words) = (Connection::here(), Words::here());
    let told = move || tell(line.told_state(), words);
    let transport = move || line.transport_name(line.link().transport);
    let quick = move || round_trip(line, words);
    let opened = opened("#connection:popover-open");
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
        <div
            id="connection"
            class="popover popover--badge"
            popover="auto"
            role="dialog"
            aria-label=words.connection
            on:beforetoggle=change(move || opened.set(true))
        >
            {inside(opened, "popover__arrival", |popovers: &Popovers| (popovers.connection)())}
        </div>
    }
    .erase()
}

/// The state's shape: each state has its own, because colour never speaks alone. The stylesheet draws it.
pub(super) fn state_mark() -> ErasedView {
    view! { <span class="mark" aria-hidden="true"></span> }.erase()
}

pub(super) fn round_trip(line: Connection, words: &Words) -> String {
    line.link().round_trip_ms.map_or_else(String::new, |ms| (words.milliseconds)(ms.round() as u64))
}
