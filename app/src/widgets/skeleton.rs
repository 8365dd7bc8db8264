//! A page that is on its way, in its final size.

use leptos::prelude::*;

use crate::words::t;

/// Grey cards where the cards will be. `classes` are those of the cards that follow.
#[component]
pub(crate) fn Skeleton(classes: Vec<&'static str>) -> impl IntoView {
    let card = |class: &str| {
        view! {
            <div class=["card card--", class, " skeleton"].concat()>
                <span class="skeleton__line"></span>
                <span class="skeleton__value"></span>
                <span class="skeleton__box"></span>
            </div>
        }
    };
    view! {
        <p class="sr-only" role="status">{t(|w| w.loading)}</p>
        <div class="skeleton__head" aria-hidden="true"></div>
        <div class="grid" aria-hidden="true">{classes.into_iter().map(card).collect_view()}</div>
    }
    .into_any()
}
