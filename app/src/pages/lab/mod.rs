//! The lab: what the transports are, seen and measured on the reader's own network. Here is what every page has of it; the rest is a
//! piece, and `tabs` in that piece lists the pages of the lab.

mod compare;
mod connections;
mod doctor;
mod door_words;
mod offset;
mod tabs;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

pub(crate) use door_words::LabDoorWords;
pub use words::LabWords;

use super::{
    lazy_page::{heading_and_cards, lazy_page},
    page::{Page, Route},
};
use crate::{
    first_paint,
    lazy::ChunkContent,
    live::Connection,
    widgets::{Commands, ErasedView, Group, Icon},
};

/// The piece.
pub(crate) static LAB: ChunkContent = ChunkContent { view: tabs::view, rest: &() };

/// The page.
pub(super) const PAGE: Page = Page {
    route: Some(Route {
        paths: &["/lab", "/lab/connections", "/lab/doctor"],
        name: |language| LabDoorWords::of(language).lab,
        icon: Icon::LAB,
        has_trends: false,
        view: page,
    }),
    shortcuts: &[],
};

/// The way to each page of the lab, and to each transport.
pub(super) fn commands(commands: &mut Commands) {
    let words = LabDoorWords::here();
    let pages =
        [("/lab", words.compare), ("/lab/connections", words.connections), ("/lab/doctor", words.doctor)];
    let pages = pages.into_iter().map(|(path, name)| (path.to_owned(), name));
    let transports = Connection::here().transports().into_iter();
    for (path, name) in pages.chain(transports.map(|(id, name)| (["/lab#lab-", id].concat(), name))) {
        commands.go(Group::Lab, Icon::LAB, &[words.lab, ": ", name].concat(), path);
    }
}

fn page() -> ErasedView {
    lazy_page(LabDoorWords::here().lab, "lab", coming)
}

/// The cards of the page at this address, for the skeleton.
fn cards(path: &str) -> &'static [&'static str] {
    match first_paint::own(path) {
        "/lab/connections" => &["connections"],
        "/lab/doctor" => &["checks"],
        _ => &["controls", "lanes"],
    }
}

fn coming() -> ErasedView {
    let path = use_location().pathname.get_untracked();
    heading_and_cards(LabDoorWords::here().lab, cards(&path))
}
