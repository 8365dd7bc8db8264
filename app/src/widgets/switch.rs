//! The switch of a card's connection, with its state. It is always there for screen readers; others see it where
//! something is wrong with this card alone, since what befalls all of them is told by the badge.

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, text};
use crate::{i18n::Words, live::Switch};

pub(super) fn status(switch: Switch) -> ErasedView {
    let words = Words::here();
    view! {
        <p class="card__status">
            <span class="mark" aria-hidden="true"></span>
            <span data-testid="status">{text(move || switch.word(words))}</span>
            <span class="card__age number" data-testid="age">{text(move || switch.age_told(words))}</span>
        </p>
    }
    .erase()
}
