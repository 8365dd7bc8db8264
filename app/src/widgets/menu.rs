//! The small menu of a card: on or off, and what can be done with its chart. A menu button as WAI-ARIA APG describes it: one stop for
//! Tab, arrows inside. What stands in it comes with the popovers.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, Node},
};

use super::{
    Icon,
    erased_view::{ElementRef, ErasedView, IntoErasedView, click, keys, listen, text},
    icon,
    popovers::{Popovers, inside},
    tools::Tools,
};
use crate::{
    i18n::Words,
    live::{Cell, Switch},
};

/// The owner of the menu, and its element.
#[derive(Clone, Copy)]
pub(super) struct Open {
    is: Cell<bool>,
    button: ElementRef,
    pub(super) items: ElementRef,
    pub(super) title: &'static str,
}

/// The menu of a card.
pub(super) fn menu(title: &'static str, tools: Option<Tools>, switch: Option<Switch>) -> ErasedView {
    let open = Open { is: Cell::new(false), button: ElementRef::new(), items: ElementRef::new(), title };
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

impl Open {
    /// The focus goes back to the button.
    pub(super) fn close(self) {
        focus(self.button.peek::<Element>());
        self.is.set(false);
    }

    fn press(self, event: &KeyboardEvent) {
        let key = event.key();
        let is_open = self.is.peek();
        match key.as_str() {
            "Escape" if is_open => self.close(),
            "ArrowDown" | "ArrowUp" if !is_open => self.is.set(true),
            "ArrowDown" | "ArrowUp" | "Home" | "End" if is_open => self.step(&key),
            // It goes on to the next stop of the page.
            "Tab" if is_open => return self.is.set(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// To the next item or to an end; after the last comes the first.
    fn step(self, key: &str) {
        let Some(items) = self.items.peek::<Element>() else { return };
        let here = document().active_element().filter(|here| items.contains(Some(here)));
        let next = match key {
            "ArrowDown" => here.and_then(|here| here.next_element_sibling()),
            "ArrowUp" => here.and_then(|here| here.previous_element_sibling()),
            _ => None,
        };
        let end = if matches!(key, "ArrowDown" | "Home") {
            items.first_element_child()
        } else {
            items.last_element_child()
        };
        focus(next.or(end));
    }
}

pub(super) fn focus(element: Option<Element>) {
    if let Some(element) = element {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
