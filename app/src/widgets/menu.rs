//! The small menu of a card: table, picture, data.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlDetailsElement, Node},
};

use super::{
    Icon, icon,
    part::{IntoPart, Place, click, flag, hear, keys, text},
    tools::Tools,
};
use crate::words::Words;

/// A `<details>`: it opens without a script's help, closes on Esc, on a choice and when the focus leaves it.
#[component]
pub(crate) fn Menu(tools: Tools, title: &'static str) -> impl IntoView {
    let words = Words::here();
    let menu = Place::new();
    let close = move || {
        if let Some(menu) = menu.peek::<HtmlDetailsElement>() {
            menu.set_open(false);
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let on_leave = move |event: &FocusEvent| {
        let next = event.related_target().map(JsCast::unchecked_into::<Node>);
        let inside = menu.peek::<Node>().is_some_and(|menu| menu.contains(next.as_ref()));
        if next.is_some() && !inside {
            close();
        }
    };
    let table = move || if tools.as_table.get() { words.chart } else { words.table };
    let done = move |deed: fn(Tools)| {
        click(move || {
            deed(tools);
            close();
        })
    };
    view! {
        <details class="menu needs-js" node_ref=menu on:keydown=keys(on_key) on:focusout=hear(on_leave)>
            <summary class="icon-button" aria-label=(words.more_of)(title) data-testid="menu">{icon(Icon::MORE)}</summary>
            <div class="menu__items">
                <button
                    type="button"
                    class="menu__item"
                    data-testid="table"
                    on:click=done(|tools| tools.as_table.update(|shown| *shown = !*shown))
                >
                    {icon(Icon::TABLE)}
                    <span>{text(table)}</span>
                </button>
                <button
                    type="button"
                    class="menu__item"
                    data-testid="save-png"
                    disabled=flag(move || tools.as_table.get())
                    on:click=done(Tools::save_picture)
                >
                    {icon(Icon::SAVE)}
                    <span>{words.save_png}</span>
                </button>
                <button
                    type="button"
                    class="menu__item"
                    data-testid="save-csv"
                    on:click=done(Tools::save_data)
                >
                    {icon(Icon::SAVE)}
                    <span>{words.save_csv}</span>
                </button>
            </div>
        </details>
    }
    .part()
}
