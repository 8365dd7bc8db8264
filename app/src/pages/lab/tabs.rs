//! The pages of the lab. A new one is its line here, its address in the room's `mod.rs`, and its folder.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{compare, connections, doctor};
use super::{door_words::LabDoorWords, words::LabWords};
use crate::{
    first_paint,
    widgets::{ErasedView, IntoErasedView, fixed_list, live, text},
};

/// One page of the lab.
struct Tab {
    path: &'static str,
    name: fn(&LabDoorWords) -> &'static str,
    view: fn() -> ErasedView,
}

/// Every tab, in the order in which they are shown.
static TABS: [Tab; 3] = [
    Tab { path: "/lab", name: |words| words.compare, view: compare::view },
    Tab { path: "/lab/connections", name: |words| words.connections, view: connections::view },
    Tab { path: "/lab/doctor", name: |words| words.doctor, view: doctor::view },
];

/// The way to each, and the one at this address.
pub(super) fn view() -> ErasedView {
    let (path, words) = (use_location().pathname, LabDoorWords::here());
    let is_at =
        move |tab: &Tab| if path.with(|path| first_paint::own(path) == tab.path) { "page" } else { "false" };
    let link = move |tab: &'static Tab| {
        view! {
            <li>
                <a class="tabs__link" href=first_paint::href(tab.path) aria-current=text(move || is_at(tab))>
                    {(tab.name)(words)}
                </a>
            </li>
        }
        .fresh()
    };
    let page = move || {
        let tab = path.with(|path| TABS.iter().find(|tab| first_paint::own(path) == tab.path));
        tab.map_or_else(|| ().fresh(), |tab| (tab.view)())
    };
    view! {
        <h1>{words.lab}</h1>
        <nav class="tabs" aria-label=LabWords::here().pages>
            <ul class="tabs__list">{fixed_list(TABS.iter().map(link))}</ul>
        </nav>
        {live(page)}
    }
    .fresh()
}
