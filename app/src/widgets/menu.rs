//! The small menu of a card: table, picture, data.

use leptos::{html, prelude::*};

use super::{Icon, icon, tools::Tools};
use crate::{
    live::Clock,
    words::{Pick, Tongue, t},
};

/// A `<details>`: it opens without a script's help, closes on Esc, on a choice and when the focus leaves it.
#[component]
pub(super) fn Menu(tools: Tools, title: Pick) -> impl IntoView {
    let (tongue, clock) = (Tongue::here(), Clock::here());
    let menu = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let on_leave = move |event: leptos::ev::FocusEvent| {
        let next =
            event.related_target().map(leptos::wasm_bindgen::JsCast::unchecked_into::<leptos::web_sys::Node>);
        let inside = menu.get_untracked().is_some_and(|menu| menu.contains(next.as_ref()));
        if next.is_some() && !inside {
            close();
        }
    };
    let label = move || (tongue.words().more_of)(title(tongue.words()));
    let table = move || if tools.as_table.get() { tongue.words().chart } else { tongue.words().table };
    view! {
        <details class="menu needs-js" node_ref=menu on:keydown=on_key on:focusout=on_leave>
            <summary class="icon-button" aria-label=label data-testid="menu">{icon(Icon::MORE)}</summary>
            <div class="menu__items">
                <button
                    type="button"
                    class="menu__item"
                    data-testid="table"
                    on:click=move |_| {
                        tools.as_table.update(|shown| *shown = !*shown);
                        close();
                    }
                >
                    {icon(Icon::TABLE)}
                    <span>{table}</span>
                </button>
                <button
                    type="button"
                    class="menu__item"
                    data-testid="save-png"
                    disabled=move || tools.as_table.get()
                    on:click=move |_| {
                        tools.save_picture();
                        close();
                    }
                >
                    {icon(Icon::SAVE)}
                    <span>{t(|w| w.save_png)}</span>
                </button>
                <button
                    type="button"
                    class="menu__item"
                    data-testid="save-csv"
                    on:click=move |_| {
                        tools.save_data(tongue, clock);
                        close();
                    }
                >
                    {icon(Icon::SAVE)}
                    <span>{t(|w| w.save_csv)}</span>
                </button>
            </div>
        </details>
    }
    .into_any()
}
