//! The names of a chart's series with their colours. A click shows one alone, a second click all again; where no script
//! has taken the page over nothing can be clicked, and they are names only.

use leptos::prelude::*;

use super::{
    part::{IntoPart, Part, click, either, list, text},
    tools::Tools,
};
use crate::{live::Clock, words::Words};

/// `names` are in the order of the colours.
pub(crate) fn legend(tools: Tools, names: Vec<String>) -> Part {
    let (words, clock) = (Words::here(), Clock::here());
    let is_live = move || clock.now().is_some();
    let item = move |(index, name): (usize, String)| {
        let plain = name.clone();
        let plain = move || view! { <span class="legend__item">{named(index, &plain)}</span> }.part();
        view! { <li>{either(is_live, move || choice(tools, index, &name), plain)}</li> }.part()
    };
    view! {
        <ul class="legend" aria-label=text(move || if is_live() { words.legend } else { words.legend_plain })>
            {list(names.into_iter().enumerate().map(item))}
        </ul>
    }
    .part()
}

fn choice(tools: Tools, index: usize, name: &str) -> Part {
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
            {named(index, name)}
        </button>
    }
    .part()
}

fn named(index: usize, name: &str) -> Part {
    view! {
        {swatch(index)}
        <span>{name.to_owned()}</span>
    }
    .part()
}

/// The colour of a series, as charts give it.
pub(super) fn swatch(color: usize) -> Part {
    view! {
        <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
            <rect class=["ch-c", &(color % 6 + 1).to_string()].concat() width="8" height="8" rx="2" />
        </svg>
    }
    .part()
}
