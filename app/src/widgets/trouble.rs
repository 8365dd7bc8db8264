//! Reports a failure, with advice, and an id to quote. It stands in the place of what failed; the rest of the page
//! lives on.

use leptos::prelude::*;

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, Live, click, live},
    icon,
};
use crate::{
    i18n::Words,
    live::{Switch, TrendHistory, Trouble},
};

/// In the place of a whole page. `again` asks once more.
pub(crate) fn trouble_page(trouble: &Trouble, again: impl Fn() + 'static) -> ErasedView {
    let words = Words::here();
    view! {
        <div class="trouble trouble--page" role="alert">
            <h1 class="trouble__title">{icon(Icon::WARN)} <span>{words.trouble}</span></h1>
            <p>{trouble.told(words)}</p>
            <p>{words.trouble_hint}</p>
            {foot(trouble, again)}
        </div>
    }
    .fresh()
}

/// In the place of a small part.
pub(crate) fn trouble_here(told: &'static str, trouble: &Trouble, again: impl Fn() + 'static) -> ErasedView {
    sentence(told.to_owned(), trouble, again)
}

/// In the place of a card's numbers, while what comes for it cannot be read.
pub(crate) fn card_trouble(switch: Switch) -> Live {
    live(move || match switch.trouble.get() {
        Some(trouble) => sentence(trouble.told(Words::here()), &trouble, move || switch.ask_again()),
        None => ().erase(),
    })
}

/// Above the cards: their trends have a hole that could not be filled.
pub(crate) fn past_trouble(past: TrendHistory) -> Live {
    live(move || match past.trouble() {
        Some(trouble) => {
            let words = Words::here();
            let told = [words.past_trouble, " ", &trouble.told(words)].concat();
            sentence(told, &trouble, move || past.ask_again())
        }
        None => ().erase(),
    })
}

fn sentence(told: String, trouble: &Trouble, again: impl Fn() + 'static) -> ErasedView {
    view! {
        <div class="trouble" role="alert" data-testid="trouble">
            <p class="trouble__title">{icon(Icon::WARN)} <span>{told}</span></p>
            {foot(trouble, again)}
        </div>
    }
    .fresh()
}

fn foot(trouble: &Trouble, again: impl Fn() + 'static) -> ErasedView {
    let words = Words::here();
    view! {
        <p class="trouble__id">{words.trouble_id} ": " <code>{trouble.id.clone()}</code></p>
        <button type="button" class="button" on:click=click(again)>
            {words.try_again}
        </button>
    }
    .fresh()
}
