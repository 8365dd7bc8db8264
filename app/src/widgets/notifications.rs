//! Lists the current alarms with their beginnings, and all notices, with the number of unread ones.

use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, click, either, list, live, text, when},
    icon,
};
use crate::{
    format,
    i18n::Words,
    live::{Alarm, Clock, Connection, LevelChange, Notification, NotificationKind, Notifications},
    ports::Notice,
};
use common::frame::GapReason;

/// A notice as a sentence.
pub(super) fn sentence(news: &NotificationKind, line: Connection, words: &'static Words) -> String {
    match news {
        NotificationKind::Connection(notice) => of_connection(notice, line, words),
        NotificationKind::Value(LevelChange::Critical(alarm)) => {
            [alarm.vital.name()(words), " ", &alarm.vital.short(alarm.value), ": ", &alarm.told(words), "."]
                .concat()
        }
        NotificationKind::Value(LevelChange::Recovered(vital, lasted_ms)) => {
            (words.recovered)(vital.name()(words), &format::duration(*lasted_ms, words))
        }
    }
}

fn of_connection(notice: &Notice, line: Connection, words: &'static Words) -> String {
    match notice {
        Notice::Resumed { away_ms } => (words.resumed)(&format::duration(*away_ms, words)),
        Notice::Gap { reason, topics, away_ms } => {
            let why = match reason {
                GapReason::Evicted => words.evicted,
                GapReason::Restarted => words.restarted,
                GapReason::Foreign => words.foreign,
            };
            let topics: Vec<&str> = topics.iter().map(common::Topic::as_str).collect();
            (words.gap)(&format::duration(*away_ms, words), why, &topics.join(", "))
        }
        Notice::FellBack { from, to } => {
            (words.wire.fell_back)(line.transport_name(from), line.transport_name(to))
        }
        Notice::WentUp { from, to } => {
            (words.wire.went_up)(line.transport_name(from), line.transport_name(to))
        }
        Notice::Refused(reason) => (words.refused)(&(words.refusal)(*reason)),
        Notice::NotKept => words.not_kept.to_owned(),
        Notice::NotLoaded => words.not_loaded.to_owned(),
    }
}

/// The kind's name for the stylesheet.
pub(super) const fn kind(news: &NotificationKind) -> &'static str {
    match news {
        NotificationKind::Connection(Notice::Resumed { .. } | Notice::WentUp { .. })
        | NotificationKind::Value(LevelChange::Recovered(..)) => "ok",
        NotificationKind::Connection(Notice::Gap { .. } | Notice::FellBack { .. } | Notice::NotKept) => {
            "warn"
        }
        NotificationKind::Connection(Notice::Refused(_) | Notice::NotLoaded)
        | NotificationKind::Value(LevelChange::Critical(_)) => "crit",
    }
}

/// A value that is not well: its name, what it is, and for how long.
pub(crate) fn alarm_row(alarm: Alarm) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let since = alarm.state.since;
    view! {
        <li class="alarm" data-level=alarm.name() title=[words.since, " ", &format::iso(since)].concat()>
            <strong>{alarm.vital.name()(words)}" "<span class="number">{alarm.vital.short(alarm.value)}</span></strong>
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
    let alarms = move || {
        let rows = live(move || list(bell.alarms().into_iter().map(alarm_row)));
        view! { <ul class="alarms">{rows}</ul> }.fresh()
    };
    let none = move || view! { <p class="popover__hint">{words.no_notices}</p> }.erase();
    let notices = move || {
        view! {
            <ol class="notices">{live(move || list(bell.entries().into_iter().map(row)))}</ol>
            <div class="popover__foot">
                <button type="button" class="button" on:click=click(move || bell.clear())>
                    {words.clear}
                </button>
            </div>
        }
        .fresh()
    };
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
            on:toggle=move |_| bell.read()
        >
            <h2 class="popover__title">{words.notices}</h2>
            {when(move || !bell.is_quiet(), alarms)}
            {either(move || bell.is_empty(), none, notices)}
        </div>
    }
    .erase()
}

fn row(entry: Notification) -> ErasedView {
    let (line, words, clock) = (Connection::here(), Words::here(), Clock::here());
    let (at, kind) = (entry.at, kind(&entry.news));
    let about = if matches!(entry.news, NotificationKind::Connection(_)) { "connection" } else { "value" };
    view! {
        <li class="notices__row" data-kind=kind data-about=about>
            <time class="notices__time number" datetime=format::iso(at) title=format::iso(at)>
                {text(move || format::clock(at, clock.zone()))}
            </time>
            <p>{text(move || sentence(&entry.news, line, words))}</p>
        </li>
    }
    .fresh()
}
