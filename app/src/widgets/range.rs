//! The choice of the trends' time range.

use leptos::prelude::*;

use super::{
    Preferences, TrendRange,
    segmented::{Segment, segmented},
};
use crate::i18n::Words;

#[component]
pub(crate) fn RangeChoice() -> impl IntoView {
    let (words, span) = (Words::here(), Preferences::here().span);
    let segments = TrendRange::ALL.map(|own| Segment::new(own.name(words), span, own));
    segmented("range", words.range, segments)
}
