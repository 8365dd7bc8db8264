//! A choice of one among a few, all in sight: radio buttons in a row.

use std::sync::Arc;

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, change, flag, list};
use crate::live::Cell;

/// One segment: its name, whether it is chosen, and how it becomes so.
pub(crate) struct Segment {
    name: &'static str,
    is_chosen: Arc<dyn Fn() -> bool + Send + Sync>,
    choose: Box<dyn Fn()>,
}

impl Segment {
    /// Stands for `own` among the values of `chosen`.
    pub(crate) fn new<V: Copy + PartialEq + Send + Sync + 'static>(
        name: &'static str,
        chosen: Cell<V>,
        own: V,
    ) -> Self {
        Self {
            name,
            is_chosen: Arc::new(move || chosen.get() == own),
            choose: Box::new(move || chosen.set(own)),
        }
    }
}

/// Radio buttons drawn as one control. `name` is unique on the page; `legend` says to screen readers what is chosen.
pub(crate) fn segmented(
    name: &'static str,
    legend: &'static str,
    segments: impl IntoIterator<Item = Segment>,
) -> ErasedView {
    let radio = |(index, segment): (usize, Segment)| {
        let Segment { name: word, is_chosen, choose } = segment;
        let at_first = untrack(|| is_chosen());
        view! {
            <label class="segmented__item">
                <input
                    type="radio"
                    class="sr-only"
                    name=name
                    value=index.to_string()
                    checked=at_first
                    prop:checked=flag(move || is_chosen())
                    on:change=change(choose)
                />
                <span>{word}</span>
            </label>
        }
        .erase()
    };
    view! {
        <fieldset class="segmented needs-js" data-testid=name>
            <legend class="sr-only">{legend}</legend>
            {list(segments.into_iter().enumerate().map(radio))}
        </fieldset>
    }
    .erase()
}
