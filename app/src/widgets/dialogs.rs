//! What stands in the dialogs. It comes when one is opened for the first time.

use leptos::prelude::*;

use super::{
    palette::finder,
    part::{IntoPart, Part, click},
    shortcuts::keys,
};
use crate::{page::Page, words::Words};

/// The piece, as the dialogs call it.
pub(crate) struct Dialogs {
    pub(super) finder: fn() -> Part,
    pub(super) keys: fn() -> Part,
}

/// All of it.
pub(crate) static DIALOGS: Dialogs = Dialogs { finder, keys };

/// What `here` makes of it, or what is to be said as long as it is not there.
pub(super) fn show(here: fn(&'static Dialogs) -> Part) -> Part {
    let piece = Page::here().dialogs;
    piece.fetch(|_| ());
    piece.view(here, coming, missing).fresh()
}

fn coming() -> Part {
    view! { <p class="dialog__arrival" role="status">{Words::here().loading} "…"</p> }.fresh()
}

fn missing() -> Part {
    let (piece, words) = (Page::here().dialogs, Words::here());
    view! {
        <div class="dialog__arrival" role="alert">
            <p>{words.trouble_hint}</p>
            <button type="button" class="button" on:click=click(move || piece.fetch(|_| ()))>
                {words.try_again}
            </button>
        </div>
    }
    .fresh()
}
