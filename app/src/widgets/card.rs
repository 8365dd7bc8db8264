//! A card: title and unit, the present value large, what is drawn below it, and a footer for age and state.

use leptos::prelude::*;

use super::{menu::Menu, switch::SwitchFoot, tools::Tools};
use crate::{
    live::Switch,
    words::{Pick, t},
};

/// One kind of box for everything that is measured. `data-state` lets the stylesheet dim numbers that are old.
#[component]
pub(crate) fn Card(
    /// Its name in addresses and tests.
    id: &'static str,
    /// Its title.
    title: Pick,
    /// Its connection.
    switch: Switch,
    /// What can be done with its chart, where it has one.
    #[prop(optional)]
    tools: Option<Tools>,
    /// What stands at the right of the title.
    #[prop(optional)]
    aside: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let heading = ["title-", id].concat();
    let named = heading.clone();
    view! {
        <section
            class=["card card--", id].concat()
            id=id
            tabindex="-1"
            data-testid=["card-", id].concat()
            data-state=move || switch.state.get().name()
            aria-labelledby=heading
        >
            <header class="card__head">
                <h2 class="card__title" id=named>{t(title)}</h2>
                {aside}
                {tools.map(|tools| view! { <Menu tools title /> })}
            </header>
            <div class="card__body">{children()}</div>
            <SwitchFoot switch title />
        </section>
    }
    .into_any()
}

/// The present value, large, with its unit small, and a line of less important figures below.
#[component]
pub(crate) fn Reading(
    /// Number and unit; none where nothing was measured.
    #[prop(into)]
    value: Signal<Option<(String, &'static str)>>,
    /// The line below.
    #[prop(into)]
    sub: Signal<String>,
    /// A level's name for the stylesheet and its word, where a threshold is reached.
    #[prop(into)]
    level: Signal<Option<(&'static str, &'static str)>>,
) -> impl IntoView {
    let number = move || value.get().map_or_else(|| "–".to_owned(), |(number, _)| number);
    let unit = move || value.get().map_or("", |(_, unit)| unit);
    view! {
        <div class="reading">
            <p class="reading__value number" data-testid="value">
                {number} <span class="reading__unit">{unit}</span>
            </p>
            <p class="reading__level" data-level=move || level.get().map_or("none", |level| level.0)>
                {move || level.get().map_or("", |level| level.1)}
            </p>
            <p class="reading__sub number">{sub}</p>
        </div>
    }
    .into_any()
}
