//! The small menu of a card: on or off, and what can be done with its chart. A menu button as WAI-ARIA APG describes it: one stop for
//! Tab, arrows inside. What stands in it is made when it is opened.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, Node},
};

use super::{
    Icon,
    erased_view::{ElementRef, ErasedView, IntoErasedView, click, keys, list, listen, text, when},
    icon,
    tools::Tools,
};
use crate::{
    i18n::Words,
    live::{Cell, Switch, effect},
};

/// The owner of the menu, and its element.
#[derive(Clone, Copy)]
struct Open {
    is: Cell<bool>,
    button: ElementRef,
    items: ElementRef,
    title: &'static str,
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
            {when(move || open.is.get(), move || panel(open, tools, switch))}
        </div>
    }
    .erase()
}

/// Renders the text above the items, and the items.
fn panel(open: Open, tools: Option<Tools>, switch: Option<Switch>) -> ErasedView {
    effect(move || {
        let first = open.items.get::<Element>().and_then(|items| items.first_element_child());
        focus(first);
    });
    let status = switch.map(|switch| {
        let words = Words::here();
        view! {
            <p class="menu__status number" data-state=text(move || switch.state.get().name())>
                <span class="mark" aria-hidden="true"></span>
                <span>{text(move || switch.word(words))}</span>
                <span>{text(move || switch.age_told(words))}</span>
            </p>
        }
        .fresh()
    });
    let items =
        switch.map(|switch| power(open, switch)).into_iter().chain(tools.map(|tools| of_chart(open, tools)));
    view! {
        <div class="menu__panel">
            {status}
            <div class="menu__items" role="menu" aria-label=(Words::here().more_of)(open.title) node_ref=open.items>
                {list(items)}
            </div>
        </div>
    }
    .fresh()
}

/// On or off: the one that applies.
fn power(open: Open, switch: Switch) -> ErasedView {
    let (words, is_on) = (Words::here(), switch.on.peek());
    let (id, picture, name) = if is_on {
        ("disconnect", Icon::STOP, (words.disconnect_one)(open.title))
    } else {
        ("connect", Icon::PLAY, (words.connect_one)(open.title))
    };
    item(open, id, picture, name, move || switch.turn(!is_on))
}

fn of_chart(open: Open, tools: Tools) -> ErasedView {
    let words = Words::here();
    let is_table = tools.as_table.peek();
    let table = if is_table { words.chart } else { words.table };
    let show = item(open, "table", Icon::TABLE, table.to_owned(), move || tools.as_table.set(!is_table));
    let data = item(open, "save-csv", Icon::SAVE, words.save_csv.to_owned(), move || tools.save_data());
    // A table is no picture.
    let picture = (!is_table)
        .then(|| item(open, "save-png", Icon::SAVE, words.save_png.to_owned(), move || tools.save_picture()));
    list([Some(show), picture, Some(data)].into_iter().flatten())
}

fn item(open: Open, id: &'static str, picture: Icon, name: String, act: impl Fn() + 'static) -> ErasedView {
    let take = move || {
        open.close();
        act();
    };
    view! {
        <button type="button" class="menu__item" role="menuitem" tabindex="-1" data-testid=id on:click=click(take)>
            {icon(picture)}
            <span>{name}</span>
        </button>
    }
    .fresh()
}

impl Open {
    /// The focus goes back to the button.
    fn close(self) {
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

fn focus(element: Option<Element>) {
    if let Some(element) = element {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
