//! How far back the page's trends look.

use leptos::prelude::*;

use super::{
    Preferences, Span,
    segmented::{Segment, segmented},
};
use crate::words::Words;

#[component]
pub(crate) fn RangeChoice() -> impl IntoView {
    let (words, span) = (Words::here(), Preferences::here().span);
    let segments = Span::ALL.map(|own| Segment::new(own.name(words), span, own));
    segmented("range", words.range, segments)
}
