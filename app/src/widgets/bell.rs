//! Everything that happened to the connection, and how much of it nobody has looked at.

use leptos::prelude::*;

use super::{
    Icon, icon,
    part::{IntoPart, Part, click, either, list, live, text, when},
};
use crate::{
    format,
    live::{Bell, Clock, Entry, Line},
    ports::Notice,
    words::Words,
};
use common::frame::GapReason;

/// A notice as a sentence.
pub(crate) fn sentence(notice: &Notice, line: Line, words: &'static Words) -> String {
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
        Notice::Refused { code } => (words.refused)((words.refusal)(*code)),
        Notice::NotKept => words.not_kept.to_owned(),
        Notice::NotLoaded => words.not_loaded.to_owned(),
    }
}

/// The kind's name for the stylesheet.
pub(crate) const fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::Resumed { .. } | Notice::WentUp { .. } => "ok",
        Notice::Gap { .. } | Notice::FellBack { .. } | Notice::NotKept => "warn",
        Notice::Refused { .. } | Notice::NotLoaded => "crit",
    }
}

#[component]
pub(crate) fn BellButton() -> impl IntoView {
    let (bell, words) = (Bell::here(), Words::here());
    let label = move || (words.unread)(bell.unread());
    let count = move || {
        let count = text(move || bell.unread().to_string());
        view! { <span class="bell__count number" aria-hidden="true">{count}</span> }.fresh()
    };
    let none = move || view! { <p class="popover__hint">{words.no_notices}</p> }.part();
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
            {either(move || bell.is_empty(), none, notices)}
        </div>
    }
    .part()
}

fn row(entry: Entry) -> Part {
    let (line, words, clock) = (Line::here(), Words::here(), Clock::here());
    let (at, kind) = (entry.at, kind(&entry.notice));
    view! {
        <li class="notices__row" data-kind=kind>
            <time class="notices__time number" datetime=format::iso(at) title=format::iso(at)>
                {text(move || format::clock(at, clock.zone()))}
            </time>
            <p>{text(move || sentence(&entry.notice, line, words))}</p>
        </li>
    }
    .fresh()
}
