//! The names of a chart's series with their colours. A click shows one alone, a second click all again.

use leptos::prelude::*;

use super::{
    part::{IntoPart, Part, click, list, text},
    tools::Tools,
};
use crate::words::Words;

/// `names` are in the order of the colours.
pub(crate) fn legend(tools: Tools, names: Vec<String>) -> Part {
    let item = move |(index, name): (usize, String)| {
        let is_alone = move || tools.alone.get() == Some(index);
        let is_hidden = move || tools.alone.get().is_some_and(|alone| alone != index);
        let choose = move || tools.alone.update(|alone| *alone = (*alone != Some(index)).then_some(index));
        view! {
            <li>
                <button
                    type="button"
                    class="legend__item"
                    aria-pressed=text(move || is_alone().to_string())
                    data-hidden=text(move || is_hidden().to_string())
                    on:click=click(choose)
                >
                    {swatch(index)}
                    <span>{name}</span>
                </button>
            </li>
        }
        .part()
    };
    view! {
        <ul class="legend" aria-label=Words::here().legend>
            {list(names.into_iter().enumerate().map(item))}
        </ul>
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
