//! What failed, what to do, and an id to quote.

use leptos::prelude::*;

use super::{
    Icon, icon,
    part::{IntoPart, Part, click},
};
use crate::{live::Trouble, words::Words};

/// `again` asks once more.
pub(crate) fn trouble_box(trouble: Trouble, again: impl Fn() + 'static) -> Part {
    let words = Words::here();
    view! {
        <div class="trouble" role="alert">
            <h1 class="trouble__title">{icon(Icon::WARN)} <span>{words.trouble}</span></h1>
            <p>{trouble.error.message}</p>
            <p>{words.trouble_hint}</p>
            <p class="trouble__id">{words.trouble_id} ": " <code>{trouble.id}</code></p>
            <button type="button" class="button button--main" on:click=click(again)>
                {words.try_again}
            </button>
        </div>
    }
    .part()
}
