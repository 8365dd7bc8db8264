//! Everything that happened to the connection, and how much of it nobody has looked at.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::{
    format,
    live::{Bell, Clock, Entry, Line},
    ports::Notice,
    words::{Tongue, Words, t},
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
            (words.fell_back)(line.transport_name(from), line.transport_name(to))
        }
        Notice::Refused { message } => (words.refused)(message),
    }
}

/// The kind's name for the stylesheet.
pub(crate) const fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::Resumed { .. } => "ok",
        Notice::Gap { .. } | Notice::FellBack { .. } => "warn",
        Notice::Refused { .. } => "crit",
    }
}

#[component]
pub(crate) fn BellButton() -> impl IntoView {
    let (bell, tongue) = (Bell::here(), Tongue::here());
    let label = move || (tongue.words().unread)(bell.unread());
    let is_empty = move || bell.entries().is_empty();
    view! {
        <button
            type="button"
            class="icon-button bell needs-js"
            data-testid="bell"
            aria-label=label
            title=label
            popovertarget="notices"
        >
            {icon(Icon::BELL)}
            <Show when=move || { bell.unread() > 0 }>
                <span class="bell__count number" aria-hidden="true">{move || bell.unread()}</span>
            </Show>
        </button>
        <div
            id="notices"
            class="popover popover--bell"
            popover="auto"
            role="dialog"
            aria-label=t(|w| w.notices)
            on:toggle=move |_| bell.read()
        >
            <h2 class="popover__title">{t(|w| w.notices)}</h2>
            <Show when=move || !is_empty() fallback=|| view! { <p class="popover__hint">{t(|w| w.no_notices)}</p> }>
                <ol class="notices">
                    <For each=move || bell.entries() key=|entry| entry.number let:entry>
                        <NoticeRow entry />
                    </For>
                </ol>
                <div class="popover__foot">
                    <button type="button" class="button" on:click=move |_| bell.clear()>
                        {t(|w| w.clear)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn NoticeRow(entry: Entry) -> impl IntoView {
    let (line, tongue, clock) = (Line::here(), Tongue::here(), Clock::here());
    let (at, kind) = (entry.at, kind(&entry.notice));
    view! {
        <li class="notices__row" data-kind=kind>
            <time class="notices__time number" datetime=format::iso(at) title=format::iso(at)>
                {move || format::clock(at, clock.zone())}
            </time>
            <p>{move || sentence(&entry.notice, line, tongue.words())}</p>
        </li>
    }
}
