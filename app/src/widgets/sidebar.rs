//! The sidebar: a link to each page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    erased_view::{ErasedView, IntoErasedView, Text, fixed_list, text},
    icon::{Icon, icon},
};
use crate::{
    first_paint,
    i18n::{Language, Words},
    pages::{Route, routes},
};

#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let words = Words::here();
    let path = use_location().pathname;
    let is_at = move |route: &Route| if path.with(|path| route.has(path)) { "page" } else { "false" };
    let links = routes().map(|route| {
        let current = text(move || is_at(route));
        entry(route.path(), first_paint::page_link(), route.icon, (route.name)(Language::here()), current)
    });
    // A document of the server's own.
    let hosts = entry("/hosts", Some("external"), Icon::SYSTEM, words.hosts, text(|| "false"));
    view! {
        <nav class="rail" aria-label=words.pages>
            <a class="rail__brand" href=first_paint::href("/") aria-label=words.product>
                <svg class="rail__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <rect class="rail__tile" width="32" height="32" rx="8" />
                    <path class="rail__pulse" d="M5 17h5l3-8 5.5 15 3.5-9.5 1 2.5h4" />
                </svg>
                <span class="rail__name">{words.product}</span>
            </a>
            <ul class="rail__list">{fixed_list(links.chain([hosts]))}</ul>
        </nav>
    }
    .erase()
}

fn entry(path: &str, rel: Option<&'static str>, sign: Icon, name: &'static str, current: Text) -> ErasedView {
    view! {
        <li>
            <a href=first_paint::href(path) class="rail__link" rel=rel aria-current=current>
                {icon(sign)}
                <span class="rail__name">{name}</span>
            </a>
        </li>
    }
    .erase()
}
