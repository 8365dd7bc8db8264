//! How far back the page's trends look.

use leptos::prelude::*;

use super::{Preferences, Segmented, Span};

#[component]
pub(crate) fn RangeChoice() -> impl IntoView {
    let [one, five] = Span::ALL;
    view! {
        <Segmented
            name="range"
            legend=|w| w.range
            segments=vec![(one, |w| Span::OneMinute.name(w)), (five, |w| Span::FiveMinutes.name(w))]
            value=Preferences::here().span
        />
    }
}
