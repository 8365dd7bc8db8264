//! Nothing to show, in one sentence.

use leptos::prelude::*;

use super::part::{IntoPart, Part};

pub(crate) fn empty(sentence: &'static str) -> Part {
    view! { <p class="empty">{sentence}</p> }.part()
}
