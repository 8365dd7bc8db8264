//! A page that is on its way, in its final size.

use leptos::prelude::*;

use super::part::{IntoPart, Part, list};
use crate::words::Words;

/// Grey cards where the cards will be. `classes` are those of the cards that follow.
pub(crate) fn skeleton(classes: &[&'static str]) -> Part {
    skeleton_below(0, classes)
}

/// The same below a strip of so many tiles.
pub(crate) fn skeleton_below(tiles: usize, classes: &[&'static str]) -> Part {
    let tile =
        |_| view! { <li class="tile skeleton--tile"><span class="skeleton__value"></span></li> }.part();
    let strip = (tiles > 0)
        .then(|| view! { <ul class="tiles" aria-hidden="true">{list((0..tiles).map(tile))}</ul> }.part());
    let card = |class: &&'static str| {
        view! {
            <div class=["card card--", *class, " skeleton"].concat()>
                <span class="skeleton__line"></span>
                <span class="skeleton__value"></span>
                <span class="skeleton__box"></span>
            </div>
        }
        .part()
    };
    view! {
        <p class="sr-only" role="status">{Words::here().loading}</p>
        <div class="skeleton__head" aria-hidden="true"></div>
        {strip}
        <div class="grid" aria-hidden="true">{list(classes.iter().map(card))}</div>
    }
    .part()
}
