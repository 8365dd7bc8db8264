//! A share of a whole as a thin bar, and the levels that a share can reach.

use charts::Threshold;
use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, text};
use crate::{
    i18n::Words,
    live::{CRITICAL_AT, SHARE_LIMITS, WARN_AT},
};

/// The lines in every chart of shares.
pub(crate) fn thresholds() -> Vec<Threshold> {
    SHARE_LIMITS.to_vec()
}

/// The level's name for the stylesheet and its word, where a share has reached one.
pub(crate) fn level_word(percent: f64, words: &'static Words) -> Option<(&'static str, &'static str)> {
    match percent {
        share if share >= CRITICAL_AT => Some(("crit", words.critical)),
        share if share >= WARN_AT => Some(("warn", words.warning)),
        _ => None,
    }
}

/// The bar. An SVG's width is an attribute, where an element's would be a style.
pub(crate) fn meter(percent: impl Fn() -> f64 + Copy + Send + 'static) -> ErasedView {
    let level = move || match percent() {
        share if share >= CRITICAL_AT => "crit",
        share if share >= WARN_AT => "warn",
        _ => "none",
    };
    let width = move || ((percent().clamp(0.0, 100.0) * 10.0).round() as u32).to_string();
    view! {
        <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" data-level=text(level)>
            <rect class="meter__whole" width="1000" height="10" />
            <rect class="meter__part" width=text(width) height="10" />
        </svg>
    }
    .fresh()
}
