//! Nothing to show, in one sentence.

use leptos::prelude::*;

use super::part::{IntoPart, Live, Part, text, when};
use crate::words::Words;

pub(crate) fn empty(sentence: &'static str) -> Part {
    view! { <p class="empty">{sentence}</p> }.part()
}

/// How many rows a table has no room for; nothing where it has room for all.
pub(crate) fn left_out(count: impl Fn() -> u64 + Copy + Send + Sync + 'static) -> Live {
    let words = Words::here();
    let sentence = move || text(move || (words.left_out)(count()));
    when(
        move || count() > 0,
        move || view! { <p class="empty" data-testid="left-out">{sentence()}</p> }.part(),
    )
}
