//! Memory and swap, in bytes.

use common::{
    Percent,
    series::{Unit, id},
};
use leptos::prelude::*;

use super::later::later;
use crate::{
    format,
    i18n::Words,
    live::{CardFeed, Derived, LiveHost},
    widgets::{Card, ErasedView, IntoErasedView, either, meter, text},
};

/// Used and total.
type Keys = [&'static str; 2];

const MEMORY: Keys = [id::MEMORY_USED, id::MEMORY_TOTAL];
const SWAP: Keys = [id::SWAP_USED, id::SWAP_TOTAL];

#[component]
pub(super) fn MemoryCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.system_feed(), Words::here());
    view! {
        <Card id="memory-swap" title=words.memory_swap switch=tap.switch>
            {later(move |bodies| (bodies.memory)(tap))}
        </Card>
    }
    .erase()
}

pub(super) fn body(tap: CardFeed) -> ErasedView {
    let words = Words::here();
    let pair = move |[used, total]: Keys| {
        let samples = tap.samples();
        Some((samples.value(used)?, samples.value(total)?))
    };
    // Before anything was measured there may be some.
    let unknown = move || tap.samples().system.is_none();
    let has_swap = move || pair(SWAP).map_or_else(unknown, |(_, total)| total > 0.0);
    let swap = move || share(words.swap, move || pair(SWAP));
    let none = move || view! { <p class="shares__none">{words.no_swap}</p> }.fresh();
    view! {
        <div class="shares">
            {share(words.memory, move || pair(MEMORY))}
            {either(has_swap, swap, none)}
        </div>
    }
    .fresh()
}

/// A part of a whole, from used and total: in words, as a bar and in percent.
fn share(title: &'static str, pair: impl Fn() -> Option<(f64, f64)> + Send + Sync + 'static) -> ErasedView {
    let (pair, words) = (Derived::new(pair), Words::here());
    let percent = move || pair.get().and_then(|(used, total)| Percent::of(used, total)).map(Percent::get);
    let bytes = |value| format::full(value, Unit::Bytes);
    let told = move || {
        let pair = pair.get().map(|(used, total)| (words.of_total)(&bytes(used), &bytes(total)));
        pair.unwrap_or_else(|| "–".to_owned())
    };
    let share = move || percent().map_or_else(|| "–".to_owned(), |share| format::full(share, Unit::Percent));
    view! {
        <div class="share">
            <h3 class="share__name">{title}</h3>
            <p class="share__percent number" data-testid="value">{text(share)}</p>
            {meter(move || percent().unwrap_or(0.0))}
            <p class="share__bytes number">{text(told)}</p>
        </div>
    }
    .fresh()
}
