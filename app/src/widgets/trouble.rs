//! What failed, what to do, and an id to quote.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::{live::Trouble, words::t};

#[component]
pub(crate) fn TroubleBox(
    /// What failed.
    trouble: Trouble,
    /// Asks once more.
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="trouble" role="alert">
            <h1 class="trouble__title">{icon(Icon::WARN)} <span>{t(|w| w.trouble)}</span></h1>
            <p>{trouble.error.message}</p>
            <p>{t(|w| w.trouble_hint)}</p>
            <p class="trouble__id">{t(|w| w.trouble_id)} ": " <code>{trouble.id}</code></p>
            <button type="button" class="button button--main" on:click=move |_| again.run(())>
                {t(|w| w.try_again)}
            </button>
        </div>
    }
}
