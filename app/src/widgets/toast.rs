//! A notice that is shown once and goes by itself; the notifications keep it.

use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{IntoErasedView, click, live},
    icon,
    notifications::{kind, sentence},
};
use crate::{
    i18n::Words,
    live::{Clock, Connection, Notifications},
};

#[component]
pub(crate) fn Toast() -> impl IntoView {
    let (notifications, line, words, clock) =
        (Notifications::here(), Connection::here(), Words::here(), Clock::here());
    let body = move || {
        let Some(entry) = notifications.toast(clock.now()) else { return ().erase() };
        view! {
            <div class="toast" data-kind=kind(&entry.news)>
                <p>{sentence(&entry.news, line, words)}</p>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=words.dismiss
                    on:click=click(move || notifications.dismiss())
                >
                    {icon(Icon::CLOSE)}
                </button>
            </div>
        }
        .patched()
    };
    // The region is there before the words are: screen readers speak only what changes.
    view! { <div class="toasts" role="status" aria-live="polite" data-testid="toasts">{live(body)}</div> }
        .erase()
}
