//! The names of a chart's series with their colours. A click shows one alone, a second click all again.

use leptos::prelude::*;

use super::tools::Tools;
use crate::words::t;

#[component]
pub(crate) fn Legend(
    /// Of which chart.
    tools: Tools,
    /// The names, in the order of the colours.
    #[prop(into)]
    names: Signal<Vec<String>>,
) -> impl IntoView {
    let item = move |(index, name): (usize, String)| {
        let is_alone = move || tools.alone.get() == Some(index);
        let is_hidden = move || tools.alone.get().is_some_and(|alone| alone != index);
        view! {
            <li>
                <button
                    type="button"
                    class="legend__item"
                    aria-pressed=move || is_alone().to_string()
                    data-hidden=move || is_hidden().to_string()
                    on:click=move |_| tools.alone.update(|alone| *alone = (*alone != Some(index)).then_some(index))
                >
                    <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
                        <rect class=["ch-c", &(index % 6 + 1).to_string()].concat() width="8" height="8" rx="2" />
                    </svg>
                    <span>{name}</span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="legend" aria-label=t(|w| w.legend)>
            {move || names.get().into_iter().enumerate().map(item).collect_view()}
        </ul>
    }
    .into_any()
}
