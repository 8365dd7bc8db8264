//! The pages there are.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Icon, icon,
    part::{IntoPart, list, text},
};
use crate::words::{Pick, Words};

/// A page's address, name and picture.
pub(crate) struct Page {
    pub(crate) path: &'static str,
    pub(crate) name: Pick,
    icon: Icon,
}

/// Every page that exists, in the rail's order. The palette lists the same.
pub(crate) const PAGES: [Page; 1] = [Page { path: "/", name: |w| w.overview, icon: Icon::OVERVIEW }];

#[component]
pub(crate) fn Rail() -> impl IntoView {
    let words = Words::here();
    let path = use_location().pathname;
    let is_at = move |page| if path.with(|path| path == page) { "page" } else { "false" };
    let links = PAGES.map(|page| {
        view! {
            <li>
                <a href=page.path class="rail__link" aria-current=text(move || is_at(page.path))>
                    {icon(page.icon)}
                    <span class="rail__name">{(page.name)(words)}</span>
                </a>
            </li>
        }
        .part()
    });
    view! {
        <nav class="rail" aria-label=words.pages>
            <a class="rail__brand" href="/" aria-label=words.product>
                <svg class="rail__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <rect class="rail__tile" width="32" height="32" rx="8" />
                    <path class="rail__pulse" d="M5 17h5l3-8 5.5 15 3.5-9.5 1 2.5h4" />
                </svg>
                <span class="rail__name">{words.product}</span>
            </a>
            <ul class="rail__list">{list(links)}</ul>
        </nav>
    }
    .part()
}
