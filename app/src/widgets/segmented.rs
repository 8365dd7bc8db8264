//! A choice of one among a few, all in sight: radio buttons in a row.

use leptos::prelude::*;

use crate::words::{Pick, Tongue};

/// One segment: its value and its name.
type Segment<V> = (V, Pick);

/// Radio buttons drawn as one control.
#[component]
pub(crate) fn Segmented<V>(
    /// Of the group, unique on the page.
    name: &'static str,
    /// What is chosen, for screen readers.
    legend: Pick,
    /// What is chosen among.
    segments: Vec<Segment<V>>,
    /// What is chosen.
    value: RwSignal<V>,
) -> impl IntoView
where
    V: Copy + PartialEq + Send + Sync + 'static,
{
    let tongue = Tongue::here();
    let radios = segments.into_iter().enumerate().map(|(index, (own, label))| {
        view! {
            <label class="segmented__item">
                <input
                    type="radio"
                    class="sr-only"
                    name=name
                    value=index.to_string()
                    checked=value.get_untracked() == own
                    prop:checked=move || value.get() == own
                    on:change=move |_| value.set(own)
                />
                <span>{move || label(tongue.words())}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segmented needs-js" data-testid=name>
            <legend class="sr-only">{move || legend(tongue.words())}</legend>
            {radios.collect_view()}
        </fieldset>
    }
}
