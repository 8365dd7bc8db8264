//! Nothing to show, in one sentence.

use leptos::prelude::*;

use crate::words::{Words, t};

#[component]
pub(crate) fn Empty(text: fn(&'static Words) -> &'static str) -> impl IntoView {
    view! { <p class="empty">{t(text)}</p> }
}
