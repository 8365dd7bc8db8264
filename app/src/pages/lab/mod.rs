//! The lab: what the transports are, seen and measured on the reader's own network. Here is what every page has of it; what
//! stands below its title is a piece, and `tabs` in that piece lists the pages of the lab.

mod compare;
mod connections;
mod tabs;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::NotFound;
use crate::{
    live::effect,
    page::Page,
    pieces::Piece,
    widgets::{Icon, IntoPart, Part, click, either, icon, skeleton},
    words::Words,
};

/// The piece, as the page calls it.
pub(crate) struct LabPages {
    /// What stands below the title.
    view: fn() -> Part,
}

/// All of it.
pub(crate) static LAB: LabPages = LabPages { view: tabs::view };

/// The addresses of its pages, and the cards of each, for the skeleton.
const PAGES: [(&str, &[&str]); 2] = [
    ("/lab", &["controls", "line", "line", "line", "line", "line", "line"]),
    ("/lab/connections", &["connections"]),
];

#[component]
pub(crate) fn Lab() -> impl IntoView {
    let words = Words::here();
    let path = use_location().pathname;
    effect(move || fetch(Page::here().lab));
    let is_known = move || path.with(|path| cards(path).is_some());
    let page = move || {
        view! {
            <Title text=[words.lab, " · ", words.product].concat() />
            <div class="lab">
                <h1>{words.lab}</h1>
                {Page::here().lab.view(|pages| (pages.view)(), coming, missing)}
            </div>
        }
        .part()
    };
    either(is_known, page, || view! { <NotFound /> }.part()).part()
}

/// The cards of the page at this address; none where there is no page.
fn cards(path: &str) -> Option<&'static [&'static str]> {
    PAGES.iter().find(|page| page.0 == path).map(|page| page.1)
}

fn fetch(piece: Piece<LabPages>) {
    piece.fetch(|_| ());
}

fn coming() -> Part {
    let path = use_location().pathname.get_untracked();
    skeleton(cards(&path).unwrap_or_default())
}

fn missing() -> Part {
    let (piece, words) = (Page::here().lab, Words::here());
    view! {
        <div class="trouble trouble--page" role="alert" data-testid="lab-missing">
            <h2 class="trouble__title">{icon(Icon::WARN)} <span>{words.trouble}</span></h2>
            <p>{words.trouble_hint}</p>
            <button type="button" class="button" on:click=click(move || fetch(piece))>
                {words.try_again}
            </button>
        </div>
    }
    .fresh()
}
