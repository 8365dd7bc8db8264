//! An open or closed menu: its keys, and where the focus goes.

use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

use super::erased_view::ElementRef;
use crate::live::Cell;

/// The owner of the menu, and its element.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) is: Cell<bool>,
    pub(super) button: ElementRef,
    pub(super) items: ElementRef,
    pub(super) title: &'static str,
}

impl Open {
    pub(super) fn new(title: &'static str) -> Self {
        Self { is: Cell::new(false), button: ElementRef::new(), items: ElementRef::new(), title }
    }

    /// The focus goes back to the button.
    pub(super) fn close(self) {
        focus(self.button.peek::<Element>());
        self.is.set(false);
    }

    /// Handles a key that was pressed in the menu or on its button.
    pub(super) fn press(self, event: &KeyboardEvent) {
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
