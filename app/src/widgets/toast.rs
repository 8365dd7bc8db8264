//! A transition, said once and gone by itself; the bell keeps it.

use leptos::prelude::*;

use super::{
    Icon,
    bell::{kind, sentence},
    icon,
    part::{IntoPart, click, live},
};
use crate::{
    live::{Bell, Clock, Line},
    words::Words,
};

#[component]
pub(crate) fn Toast() -> impl IntoView {
    let (bell, line, words, clock) = (Bell::here(), Line::here(), Words::here(), Clock::here());
    let body = move || {
        let Some(entry) = bell.toast(clock.now()) else { return ().part() };
        view! {
            <div class="toast" data-kind=kind(&entry.news)>
                <p>{sentence(&entry.news, line, words)}</p>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=words.dismiss
                    on:click=click(move || bell.dismiss())
                >
                    {icon(Icon::CLOSE)}
                </button>
            </div>
        }
        .patched()
    };
    // The region is there before the words are: screen readers speak only what changes.
    view! { <div class="toasts" role="status" aria-live="polite" data-testid="toasts">{live(body)}</div> }
        .part()
}
