//! Nothing to show, in one sentence.

use leptos::prelude::*;

use crate::words::{Pick, t};

#[component]
pub(crate) fn Empty(text: Pick) -> impl IntoView {
    view! { <p class="empty">{t(text)}</p> }
}
