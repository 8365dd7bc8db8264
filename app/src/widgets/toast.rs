//! A notice that is shown once and goes by itself; the notifications keep it.

use leptos::prelude::*;

use super::{
    erased_view::{IntoErasedView, live},
    popovers::{Popovers, popovers},
};
use crate::live::{Clock, Notifications};

#[component]
pub(crate) fn Toast() -> impl IntoView {
    let (notifications, piece, clock) = (Notifications::here(), popovers(), Clock::here());
    let body = move || {
        let toast = notifications.toast(clock.now()).and_then(|entry| {
            // Its words come with the popovers, which are asked for when there is a connection to tell of.
            let popovers = Popovers::of(piece.track()?)?;
            Some((popovers.toast)(&entry))
        });
        toast.unwrap_or_else(|| ().erase())
    };
    // The region is there before the words are: screen readers speak only what changes.
    view! { <div class="toasts" role="status" aria-live="polite" data-testid="toasts">{live(body)}</div> }
        .erase()
}
