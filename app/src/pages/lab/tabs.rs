//! The pages of the lab. A new one is its line here, its address in the room's `mod.rs`, and its folder.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::connections::words::ConnectionsWords;
use super::doctor::words::DoctorWords;
use super::words::LabWords;
use super::{compare, connections, doctor};
use crate::{
    i18n::Words,
    widgets::{ErasedView, IntoErasedView, list, live, text},
};

/// One page of the lab.
struct Tab {
    path: &'static str,
    name: fn() -> &'static str,
    view: fn() -> ErasedView,
}

/// Every tab, in the order in which they are shown.
static TABS: [Tab; 3] = [
    Tab { path: "/lab", name: || LabWords::here().compare, view: compare::view },
    Tab { path: "/lab/connections", name: || ConnectionsWords::here().name, view: connections::view },
    Tab { path: "/lab/doctor", name: || DoctorWords::here().name, view: doctor::view },
];

/// The way to each, and the one at this address.
pub(super) fn view() -> ErasedView {
    let path = use_location().pathname;
    let is_at = move |tab: &Tab| if path.with(|path| path == tab.path) { "page" } else { "false" };
    let link = move |tab: &'static Tab| {
        view! {
            <li>
                <a class="tabs__link" href=tab.path aria-current=text(move || is_at(tab))>
                    {(tab.name)()}
                </a>
            </li>
        }
        .fresh()
    };
    let page = move || {
        let tab = path.with(|path| TABS.iter().find(|tab| path == tab.path));
        tab.map_or_else(|| ().fresh(), |tab| (tab.view)())
    };
    view! {
        <h1>{Words::here().lab}</h1>
        <nav class="tabs" aria-label=LabWords::here().pages>
            <ul class="tabs__list">{list(TABS.iter().map(link))}</ul>
        </nav>
        {live(page)}
    }
    .fresh()
}
