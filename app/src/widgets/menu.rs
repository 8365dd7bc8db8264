//! The small menu of a card: on or off, and what can be done with its chart. A menu button as WAI-ARIA APG describes it: one stop for
//! Tab, arrows inside. What stands in it comes with the popovers.

use leptos::{ev::FocusEvent, prelude::*, wasm_bindgen::JsCast, web_sys::Node};

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, click, keys, listen, text},
    icon,
    menu_state::Open,
    popovers::{Popovers, inside},
    tools::Tools,
};
use crate::{i18n::Words, live::Switch};

/// The menu of a card.
pub(crate) fn menu(title: &'static str, tools: Option<Tools>, switch: Option<Switch>) -> ErasedView {
    let open = Open::new(title);
    let on_leave = move |event: &FocusEvent| {
        let next = event.related_target().map(JsCast::unchecked_into::<Node>);
        let menu = event.current_target().map(JsCast::unchecked_into::<Node>);
        if next.is_some() && !menu.is_some_and(|menu| menu.contains(next.as_ref())) {
            open.is.set(false);
        }
    };
    view! {
        <div class="menu needs-js" on:keydown=keys(move |event| open.press(event)) on:focusout=listen(on_leave)>
            <button
                type="button"
                class="icon-button"
                node_ref=open.button
                aria-haspopup="menu"
                aria-expanded=text(move || open.is.get().to_string())
                aria-label=(Words::here().more_of)(title)
                data-testid="menu"
                on:click=click(move || open.is.update(|is| *is = !*is))
            >
                {icon(Icon::MORE)}
            </button>
            {inside(open.is, "menu__panel", move |popovers: &Popovers| (popovers.menu)(open, tools, switch))}
        </div>
    }
    .erase()
}
