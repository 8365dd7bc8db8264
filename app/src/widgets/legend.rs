//! The names of a chart's series with their colours, and what each is now. A click shows one alone, a second click all again; where no
//! script has taken the page over nothing can be clicked, and they are names only.

use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView, click, either, list, text},
    tools::Tools,
};
use crate::{
    i18n::Words,
    live::{Clock, Derived},
};

/// One series.
#[derive(Clone, Copy)]
pub(crate) struct LegendItem {
    pub(crate) name: &'static str,
    /// Which of the charts' colours, from 0.
    pub(crate) color: usize,
    /// The present value, for cards that show it nowhere else.
    pub(crate) value: Option<Derived<String>>,
}

/// `items` are in the order of the series.
pub(crate) fn legend(tools: Tools, items: Vec<LegendItem>) -> ErasedView {
    let (words, clock) = (Words::here(), Clock::here());
    let is_live = move || clock.now().is_some();
    let entry = move |(index, item): (usize, LegendItem)| {
        let plain = move || view! { <span class="legend__item">{named(item)}</span> }.erase();
        view! { <li>{either(is_live, move || choice(tools, index, item), plain)}</li> }.erase()
    };
    view! {
        <ul class="legend" aria-label=text(move || if is_live() { words.legend } else { words.legend_plain })>
            {list(items.into_iter().enumerate().map(entry))}
        </ul>
    }
    .erase()
}

fn choice(tools: Tools, index: usize, item: LegendItem) -> ErasedView {
    let is_alone = move || tools.alone.get() == Some(index);
    let is_hidden = move || tools.alone.get().is_some_and(|alone| alone != index);
    let choose = move || tools.alone.update(|alone| *alone = (*alone != Some(index)).then_some(index));
    view! {
        <button
            type="button"
            class="legend__item"
            aria-pressed=text(move || is_alone().to_string())
            data-hidden=text(move || is_hidden().to_string())
            on:click=click(choose)
        >
            {named(item)}
        </button>
    }
    .erase()
}

fn named(item: LegendItem) -> ErasedView {
    let value = item.value.map(|value| {
        view! { <span class="legend__value number" data-testid="value">{text(move || value.get())}</span> }.erase()
    });
    view! {
        {swatch(item.color)}
        <span>{item.name}</span>
        {value}
    }
    .erase()
}

/// The colour of a series, as charts give it.
pub(super) fn swatch(color: usize) -> ErasedView {
    view! {
        <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
            <rect class=["ch-c", &(color % 6 + 1).to_string()].concat() width="8" height="8" rx="2" />
        </svg>
    }
    .erase()
}
