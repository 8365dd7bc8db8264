//! A sentence that something went wrong in a part of the page.

use leptos::prelude::*;

use crate::widgets::{ErasedView, IntoErasedView};

/// The sentence, which screen readers say at once.
pub(super) fn alert(sentence: String) -> ErasedView {
    view! { <p class="logs__hint" role="alert">{sentence}</p> }.fresh()
}
