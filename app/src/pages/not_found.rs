//! An address without a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{first_paint, i18n::Words, widgets::IntoErasedView};

#[component]
pub(super) fn NotFound() -> impl IntoView {
    first_paint::set_status(404);
    let words = Words::here();
    view! {
        <Title text=first_paint::title(move || [words.lost, " · ", words.product].concat()) />
        <section class="lost">
            <p class="lost__code number" aria-hidden="true">"404"</p>
            <h1>{words.lost}</h1>
            <p>{words.lost_hint}</p>
            <a class="button button--main" href=first_paint::href("/")>{words.to_overview}</a>
        </section>
    }
    .erase()
}
