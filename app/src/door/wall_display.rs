//! The bar above a page that is shown without signing in.

use common::door::paths;
use leptos::prelude::*;

use super::words::EntryWords;
use crate::{first_paint, i18n::Language};

/// Says why there is no more to see, and leads to the sign-in page. It stands behind the page, whose skip link comes first, and is shown
/// above it.
pub(crate) fn wall_bar(language: Language) -> impl IntoView {
    let words = EntryWords::of(language);
    view! {
        <aside class="notice wall" aria-label=words.sign_in>
            {words.wall_display} " "
            <a href=first_paint::href(paths::SIGN_IN) rel="external">
                {words.sign_in}
            </a>
        </aside>
    }
}
