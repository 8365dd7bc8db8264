//! The notices that the bell has kept, and a toast for the newest. Their code comes with the other popovers.

use common::frame::GapReason;
use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, click, either, list, live, text, when},
    icon,
    notifications::alarm_row,
    sent_notices::{self, unread},
};
use crate::{
    format,
    i18n::{Language, WireWords, Words},
    live::{Clock, Connection, LevelChange, Notification, NotificationKind, Notifications},
    ports::Notice,
};

/// Renders the contents of the bell's popover.
pub(super) fn notices() -> ErasedView {
    let (bell, words) = (Notifications::here(), Words::here());
    let alarms = move || {
        let rows = live(move || list(bell.alarms().into_iter().map(alarm_row)));
        view! { <ul class="alarms">{rows}</ul> }.fresh()
    };
    let none = move || view! { <p class="popover__hint">{WireWords::here().no_notices}</p> }.fresh();
    let notices = move || {
        view! {
            <ol class="notices">{live(move || list(bell.entries().into_iter().map(row)))}</ol>
            <div class="popover__foot">
                <button type="button" class="button" on:click=click(move || bell.clear())>
                    {WireWords::here().clear}
                </button>
            </div>
        }
        .fresh()
    };
    view! {
        <h2 class="popover__title">{words.notices}</h2>
        {when(move || !bell.is_quiet(), alarms)}
        {unread(bell)}
        {either(move || bell.entries().is_empty(), none, notices)}
    }
    .fresh()
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

/// The newest, while it is fresh.
pub(super) fn toast(entry: &Notification) -> ErasedView {
    let (bell, line, words) = (Notifications::here(), Connection::here(), Words::here());
    view! {
        <div class="toast" data-kind=kind(&entry.news)>
            <p>{sentence(&entry.news, line, words)}</p>
            <button
                type="button"
                class="icon-button"
                aria-label=WireWords::here().dismiss
                on:click=click(move || bell.dismiss())
            >
                {icon(Icon::CLOSE)}
            </button>
        </div>
    }
    .patched_fresh()
}

/// A notice as a sentence.
fn sentence(news: &NotificationKind, line: Connection, words: &'static Words) -> String {
    match news {
        NotificationKind::Connection(notice) => of_connection(notice, line, words),
        NotificationKind::Value(LevelChange::Critical(alarm)) => [
            alarm.vital.name(Language::here()),
            " ",
            &alarm.vital.short(alarm.value),
            ": ",
            &alarm.told(words),
            ".",
        ]
        .concat(),
        NotificationKind::Value(LevelChange::Recovered(vital, lasted_ms)) => {
            (WireWords::here().recovered)(vital.name(Language::here()), &format::duration(*lasted_ms, words))
        }
        NotificationKind::Sent(notice) => sent_notices::title(notice),
    }
}

fn of_connection(notice: &Notice, line: Connection, words: &'static Words) -> String {
    match notice {
        Notice::Resumed { away_ms } => (WireWords::here().resumed)(&format::duration(*away_ms, words)),
        Notice::Gap { reason, topics, away_ms } => {
            let why = match reason {
                GapReason::Evicted | GapReason::Gone => WireWords::here().evicted,
                GapReason::Restarted => WireWords::here().restarted,
                GapReason::Foreign => WireWords::here().foreign,
            };
            let topics: Vec<&str> = topics.iter().map(common::Topic::as_str).collect();
            (WireWords::here().gap)(&format::duration(*away_ms, words), why, &topics.join(", "))
        }
        Notice::FellBack { from, to } => {
            (WireWords::here().fell_back)(line.transport_name(from), line.transport_name(to))
        }
        Notice::WentUp { from, to } => {
            (WireWords::here().went_up)(line.transport_name(from), line.transport_name(to))
        }
        Notice::Refused(reason) => (WireWords::here().refused)(&(words.refusal)(*reason)),
        Notice::NotKept => WireWords::here().not_kept.to_owned(),
        Notice::NotLoaded => words.not_loaded.to_owned(),
    }
}

/// The kind's name for the stylesheet.
fn kind(news: &NotificationKind) -> &'static str {
    match news {
        NotificationKind::Connection(Notice::Resumed { .. } | Notice::WentUp { .. })
        | NotificationKind::Value(LevelChange::Recovered(..)) => "ok",
        NotificationKind::Connection(Notice::Gap { .. } | Notice::FellBack { .. } | Notice::NotKept) => {
            "warn"
        }
        NotificationKind::Connection(Notice::Refused(_) | Notice::NotLoaded)
        | NotificationKind::Value(LevelChange::Critical(_)) => "crit",
        NotificationKind::Sent(notice) => sent_notices::kind(notice),
    }
}
