//! The choice of the trends' time range, and the way to what is longer ago.

use leptos::prelude::*;

use super::{
    Preferences, TrendRange,
    segmented::{Segment, segmented},
};
use crate::{first_paint, i18n::Words};

#[component]
pub(crate) fn RangeChoice() -> impl IntoView {
    let (words, span) = (Words::here(), Preferences::here().span);
    let segments = TrendRange::ALL.map(|own| Segment::new(own.name(words), span, own));
    view! {
        {segmented("range", words.range, segments)}
        <a class="button" href=first_paint::href("/history") rel="external">
            {words.history}
        </a>
    }
}
