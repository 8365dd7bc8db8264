//! An address without a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    first_paint,
    words::{Tongue, t},
};

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    first_paint::set_status(404);
    let tongue = Tongue::here();
    view! {
        <Title text=move || [tongue.words().lost, " · ", tongue.words().product].concat() />
        <section class="lost">
            <p class="lost__code number" aria-hidden="true">"404"</p>
            <h1>{t(|w| w.lost)}</h1>
            <p>{t(|w| w.lost_hint)}</p>
            <a class="button button--main" href="/">{t(|w| w.to_overview)}</a>
        </section>
    }
}
