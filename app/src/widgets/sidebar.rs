//! The sidebar: a link to each page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    erased_view::{IntoErasedView, fixed_list, text},
    icon,
};
use crate::{
    first_paint,
    i18n::{Language, Words},
    pages::{Route, routes},
};

#[allow(clippy::unit_arg, reason = "in the browser a link has no `rel` of its own")]
#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let words = Words::here();
    let path = use_location().pathname;
    let is_at = move |route: &Route| if path.with(|path| route.has(path)) { "page" } else { "false" };
    let links = routes().map(|route| {
        view! {
            <li>
                <a href=first_paint::href(route.path()) class="rail__link" rel=first_paint::page_link() aria-current=text(move || is_at(route))>
                    {icon(route.icon)}
                    <span class="rail__name">{(route.name)(Language::here())}</span>
                </a>
            </li>
        }
        .erase()
    });
    view! {
        <nav class="rail" aria-label=words.pages>
            <a class="rail__brand" href=first_paint::href("/") aria-label=words.product>
                <svg class="rail__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <rect class="rail__tile" width="32" height="32" rx="8" />
                    <path class="rail__pulse" d="M5 17h5l3-8 5.5 15 3.5-9.5 1 2.5h4" />
                </svg>
                <span class="rail__name">{words.product}</span>
            </a>
            <ul class="rail__list">{fixed_list(links)}</ul>
        </nav>
    }
    .erase()
}
