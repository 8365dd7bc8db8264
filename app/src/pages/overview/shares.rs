//! Parts of wholes: memory and swap, in bytes and in percent.

use common::{Percent, metric::Unit, panel::PanelLine};
use leptos::prelude::*;

use super::{later::later, panel_feed::PanelFeed, words::OverviewWords};
use crate::{
    format,
    live::Derived,
    widgets::{Card, ErasedView, IntoErasedView, either, list, meter, text},
};

#[component]
pub(super) fn SharesCard(of: PanelFeed) -> impl IntoView {
    view! {
        <Card id=of.panel.id title=of.title switch=of.tap.switch>
            {later(move |bodies| (bodies.shares)(of))}
        </Card>
    }
    .erase()
}

pub(super) fn body(of: PanelFeed) -> ErasedView {
    let shares = of.panel.lines.chunks_exact(2).enumerate().map(|(index, pair)| share(of, index, pair));
    view! { <div class="shares">{list(shares)}</div> }.fresh()
}

/// A part and its whole, or the panel's sentence where the host has none of the later wholes.
fn share(of: PanelFeed, index: usize, pair: &'static [PanelLine]) -> ErasedView {
    let name = pair.last().map_or("", |whole| of.name(whole.metric));
    let pair = move || Some((of.value(2 * index)?, of.value(2 * index + 1)?));
    if index == 0 {
        return bar(of, name, pair);
    }
    // Before anything was measured there may be some.
    let unknown = move || of.tap.samples().system.is_none();
    let is_there = move || pair().map_or_else(unknown, |(_, whole)| whole > 0.0);
    let none = move || view! { <p class="shares__none">{of.empty()}</p> }.fresh();
    either(is_there, move || bar(of, name, pair), none).fresh()
}

/// In words, as a bar and in percent.
fn bar(
    of: PanelFeed,
    name: &'static str,
    pair: impl Fn() -> Option<(f64, f64)> + Send + Sync + 'static,
) -> ErasedView {
    let (pair, words, unit) = (Derived::new(pair), OverviewWords::here(), of.unit());
    let percent = move || pair.get().and_then(|(part, whole)| Percent::of(part, whole)).map(Percent::get);
    let told = move || {
        let full = |value| format::full(value, unit);
        let pair = pair.get().map(|(part, whole)| (words.of_total)(&full(part), &full(whole)));
        pair.unwrap_or_else(|| "–".to_owned())
    };
    let share = move || percent().map_or_else(|| "–".to_owned(), |share| format::full(share, Unit::Percent));
    view! {
        <div class="share">
            <h3 class="share__name">{name}</h3>
            <p class="share__percent number" data-testid="value">{text(share)}</p>
            {meter(of.thresholds, move || percent().unwrap_or(0.0))}
            <p class="share__bytes number">{text(told)}</p>
        </div>
    }
    .fresh()
}
