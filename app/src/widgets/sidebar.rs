//! The pages there are.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    Icon,
    erased_view::{IntoErasedView, list, text},
    icon,
};
use crate::i18n::{Pick, Words};

/// A page's address, name and picture.
pub(crate) struct SidebarLink {
    pub(crate) path: &'static str,
    pub(crate) name: Pick,
    /// True if the page's cards use the page's connection and show trends.
    pub(crate) has_trends: bool,
    pub(crate) icon: Icon,
}

impl SidebarLink {
    /// Returns true if the address is this page's, or that of a page inside of it.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.strip_prefix(self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Every page that exists, in the rail's order. The palette lists the same.
pub(crate) const PAGES: [SidebarLink; 2] = [
    SidebarLink { path: "/", name: |w| w.overview, has_trends: true, icon: Icon::OVERVIEW },
    SidebarLink { path: "/lab", name: |w| w.lab, has_trends: false, icon: Icon::LAB },
];

#[component]
pub(crate) fn Rail() -> impl IntoView {
    let words = Words::here();
    let path = use_location().pathname;
    let is_at = move |page: &SidebarLink| if path.with(|path| page.has(path)) { "page" } else { "false" };
    let links = PAGES.iter().map(|page| {
        view! {
            <li>
                <a href=page.path class="rail__link" aria-current=text(move || is_at(page))>
                    {icon(page.icon)}
                    <span class="rail__name">{(page.name)(words)}</span>
                </a>
            </li>
        }
        .erase()
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
    .erase()
}
