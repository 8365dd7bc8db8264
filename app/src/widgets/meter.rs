//! A share of a whole as a thin bar, and the levels that a share can reach.

use common::metric::Thresholds;
use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, text};
use crate::i18n::Words;

/// The level's name for the stylesheet, where a share has reached one.
fn level(thresholds: Option<Thresholds>, percent: f64) -> &'static str {
    match thresholds {
        Some(Thresholds { critical, .. }) if percent >= critical => "crit",
        Some(Thresholds { warn, .. }) if percent >= warn => "warn",
        _ => "none",
    }
}

/// The level's name for the stylesheet and its word, which is empty where a share has reached none.
pub(crate) fn level_word(
    thresholds: Option<Thresholds>,
    percent: f64,
    words: &'static Words,
) -> (&'static str, &'static str) {
    let level = level(thresholds, percent);
    (
        level,
        match level {
            "crit" => words.critical,
            "warn" => words.warning,
            _ => "",
        },
    )
}

/// The bar. An SVG's width is an attribute, where an element's would be a style.
pub(crate) fn meter(
    thresholds: Option<Thresholds>,
    percent: impl Fn() -> f64 + Copy + Send + 'static,
) -> ErasedView {
    let level = move || level(thresholds, percent());
    let width = move || ((percent().clamp(0.0, 100.0) * 10.0).round() as u32).to_string();
    view! {
        <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" data-level=text(level)>
            <rect class="meter__whole" width="1000" height="10" />
            <rect class="meter__part" width=text(width) height="10" />
        </svg>
    }
    .fresh()
}
