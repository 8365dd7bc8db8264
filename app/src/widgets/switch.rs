//! What became of a card's connection. It is always there for screen readers; others see it where something is wrong with this card
//! alone, since what befalls all of them is told by the badge.

use leptos::prelude::*;

use super::part::{IntoPart, Part, text};
use crate::{live::Switch, words::Words};

pub(super) fn status(switch: Switch) -> Part {
    let words = Words::here();
    view! {
        <p class="card__status">
            <span class="mark" aria-hidden="true"></span>
            <span data-testid="status">{text(move || switch.word(words))}</span>
            <span class="card__age number" data-testid="age">{text(move || switch.age_told(words))}</span>
        </p>
    }
    .part()
}
