//! Nothing to show, in one sentence.

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, Live, text, when};
use crate::i18n::Words;

pub(crate) fn empty(sentence: &'static str) -> ErasedView {
    view! { <p class="empty">{sentence}</p> }.erase()
}

/// Shows the number of rows that do not fit into a table; nothing if all fit.
pub(crate) fn left_out(count: impl Fn() -> u64 + Copy + Send + Sync + 'static) -> Live {
    let words = Words::here();
    let sentence = move || text(move || (words.left_out)(count()));
    when(
        move || count() > 0,
        move || view! { <p class="empty" data-testid="left-out">{sentence()}</p> }.erase(),
    )
}
