//! A transition, said once and gone by itself; the bell keeps it.

use leptos::prelude::*;

use super::{
    Icon,
    bell::{kind, sentence},
    icon,
};
use crate::{
    live::{Bell, Clock, Line},
    words::{Tongue, t},
};

#[component]
pub(crate) fn Toast() -> impl IntoView {
    let (bell, line, tongue, clock) = (Bell::here(), Line::here(), Tongue::here(), Clock::here());
    let shown = Memo::new(move |_| bell.toast(clock.now()));
    let body = move || {
        shown.get().map(|entry| {
            view! {
                <div class="toast" data-kind=kind(&entry.notice)>
                    <p>{sentence(&entry.notice, line, tongue.words())}</p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=t(|w| w.dismiss)
                        on:click=move |_| bell.dismiss()
                    >
                        {icon(Icon::CLOSE)}
                    </button>
                </div>
            }
        })
    };
    // The region is there before the words are: screen readers speak only what changes.
    view! { <div class="toasts" role="status" aria-live="polite" data-testid="toasts">{body}</div> }
}
