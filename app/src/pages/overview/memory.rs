//! Memory and swap, in bytes.

use common::{
    Percent,
    series::{Unit, id},
};
use leptos::prelude::*;

use crate::{
    format,
    live::LiveHost,
    widgets::{Card, Meter},
    words::{Pick, Tongue, t},
};

/// Used and total.
type Keys = [&'static str; 2];

const MEMORY: Keys = [id::MEMORY_USED, id::MEMORY_TOTAL];
const SWAP: Keys = [id::SWAP_USED, id::SWAP_TOTAL];

#[component]
pub(super) fn MemoryCard(host: LiveHost) -> impl IntoView {
    let tap = host.tap_system();
    let pair = move |[used, total]: Keys| {
        Memo::new(move |_| tap.value.with(|samples| Some((samples.value(used)?, samples.value(total)?))))
    };
    let (memory, swap) = (pair(MEMORY), pair(SWAP));
    let has_swap = Memo::new(move |_| swap.get().is_none_or(|(_, total)| total > 0.0));
    view! {
        <Card id="memory-swap" title=|w| w.memory_swap switch=tap.switch>
            <div class="shares">
                <Share title=|w| w.memory pair=memory />
                <Show
                    when=move || has_swap.get()
                    fallback=|| view! { <p class="shares__none">{t(|w| w.no_swap)}</p> }
                >
                    <Share title=|w| w.swap pair=swap />
                </Show>
            </div>
        </Card>
    }
}

/// A part of a whole: in words, as a bar and in percent.
#[component]
fn Share(title: Pick, pair: Memo<Option<(f64, f64)>>) -> impl IntoView {
    let tongue = Tongue::here();
    let percent =
        Memo::new(move |_| pair.get().and_then(|(used, total)| Percent::of(used, total)).map(Percent::get));
    let bytes = |value| format::full(value, Unit::Bytes);
    let told = move || {
        let pair = pair.get().map(|(used, total)| (tongue.words().of_total)(&bytes(used), &bytes(total)));
        pair.unwrap_or_else(|| "–".to_owned())
    };
    let share =
        move || percent.get().map_or_else(|| "–".to_owned(), |share| format::full(share, Unit::Percent));
    view! {
        <div class="share">
            <h3 class="share__name">{t(title)}</h3>
            <p class="share__percent number" data-testid="value">{share}</p>
            <Meter percent=Signal::derive(move || percent.get().unwrap_or(0.0)) />
            <p class="share__bytes number">{told}</p>
        </div>
    }
    .into_any()
}
