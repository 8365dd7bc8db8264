//! A card: its title, what stands beside it, its menu, and what is drawn below.

use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, Inside, IntoErasedView, flag, text},
    menu::menu,
    switch::status,
    tools::Tools,
    trouble::card_trouble,
};
use crate::live::Switch;

/// One kind of box for everything that is measured. `data-state` lets the stylesheet dim numbers that are old.
#[component]
pub(crate) fn Card(
    /// Its name in addresses and tests.
    id: &'static str,
    /// Its title.
    title: &'static str,
    /// Its connection.
    switch: Switch,
    /// The tools of the card's chart, if it has one.
    #[prop(optional)]
    tools: Option<Tools>,
    /// The view at the right of the title.
    #[prop(optional)]
    aside: Option<ErasedView>,
    children: Inside,
) -> impl IntoView {
    let heading = ["title-", id].concat();
    let named = heading.clone();
    switch.name(title);
    view! {
        <section
            class=["card card--", id].concat()
            id=id
            tabindex="-1"
            data-testid=["card-", id].concat()
            data-state=text(move || switch.state.get().name())
            aria-labelledby=heading
        >
            <header class="card__head">
                <h2 class="card__title" id=named>{title}</h2>
                {aside}
                {status(switch)}
                {menu(title, tools, Some(switch))}
            </header>
            {card_trouble(switch)}
            <div class="card__body" hidden=flag(move || switch.trouble.get().is_some())>{children.view()}</div>
        </section>
    }
    .erase()
}
