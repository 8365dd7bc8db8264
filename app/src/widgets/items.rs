//! The items of a card's menu. Their code comes with the popovers.

use leptos::{prelude::*, web_sys::Element};

use super::{
    Icon,
    erased_view::{ErasedView, IntoErasedView, click, list, text},
    icon,
    menu_state::{Open, focus},
    tools::Tools,
};
use crate::{
    i18n::{WireWords, Words},
    live::{Switch, effect},
};

/// Renders the items, and the line above them.
pub(super) fn items(open: Open, tools: Option<Tools>, switch: Option<Switch>) -> ErasedView {
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
    let (words, is_on) = (WireWords::here(), switch.on.peek());
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
