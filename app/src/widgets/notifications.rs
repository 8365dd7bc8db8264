//! Lists the current alarms with their beginnings, and all notices, with the number of unread ones.

use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, change, text, when},
    icon,
    popovers::{Popovers, inside, opened},
};
use crate::{
    format,
    i18n::{Language, Words},
    live::{Alarm, Clock, Notifications},
};

/// A value that is not well: its name, what it is, and for how long.
pub(crate) fn alarm_row(alarm: Alarm) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let since = alarm.state.since;
    view! {
        <li class="alarm" data-level=alarm.name() title=[words.since, " ", &format::iso(since)].concat()>
            <strong>{alarm.vital.name(Language::here())}" "<span class="number">{alarm.vital.short(alarm.value)}</span></strong>
            <span class="number">{alarm.told(words)}</span>
            <span class="alarm__since number">{words.since}" "{format::clock(since, clock.zone())}</span>
        </li>
    }
    .patched()
}

#[component]
pub(crate) fn BellButton() -> impl IntoView {
    let (bell, words) = (Notifications::here(), Words::here());
    let label = move || (words.unread)(bell.unread());
    let count = move || {
        let count = text(move || bell.unread().to_string());
        view! { <span class="bell__count number" aria-hidden="true">{count}</span> }.fresh()
    };
    let opened = opened("#notices:popover-open");
    view! {
        <button
            type="button"
            class="icon-button bell needs-js"
            data-testid="bell"
            aria-label=text(label)
            title=text(label)
            popovertarget="notices"
        >
            {icon(Icon::BELL)}
            {when(move || bell.unread() > 0, count)}
        </button>
        <div
            id="notices"
            class="popover popover--bell"
            popover="auto"
            role="dialog"
            aria-label=words.notices
            on:beforetoggle=change(move || opened.set(true))
            on:toggle=move |_| bell.read()
        >
            {inside(opened, "popover__arrival", |popovers: &Popovers| (popovers.notices)())}
        </div>
    }
    .erase()
}
