//! A page that is on its way, in its final size.

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, list};
use crate::i18n::Words;

/// Grey cards where the cards will be. `classes` are those of the cards that follow.
pub(crate) fn skeleton(classes: &[&'static str]) -> ErasedView {
    skeleton_below(0, classes)
}

/// In a box of this class, where a piece will be.
pub(crate) fn coming(class: &'static str) -> ErasedView {
    view! { <div class=class><p role="status">{Words::here().loading} "…"</p></div> }.fresh()
}

/// Grey cards below a strip of so many tiles.
pub(crate) fn skeleton_below(tiles: usize, classes: &[&'static str]) -> ErasedView {
    let tile =
        |_| view! { <li class="tile skeleton--tile"><span class="skeleton__value"></span></li> }.erase();
    let strip = (tiles > 0)
        .then(|| view! { <ul class="tiles" aria-hidden="true">{list((0..tiles).map(tile))}</ul> }.erase());
    let card = |class: &&'static str| {
        view! {
            <div class=["card card--", *class, " skeleton"].concat()>
                <span class="skeleton__line"></span>
                <span class="skeleton__value"></span>
                <span class="skeleton__box"></span>
            </div>
        }
        .erase()
    };
    view! {
        <p class="sr-only" role="status">{Words::here().loading}</p>
        <div class="skeleton__head" aria-hidden="true"></div>
        {strip}
        <div class="grid" aria-hidden="true">{list(classes.iter().map(card))}</div>
    }
    .erase()
}
