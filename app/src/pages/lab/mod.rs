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
use leptos_meta::Title;
use leptos_router::hooks::use_location;

pub(crate) use door_words::LabDoorWords;
pub use words::LabWords;

use super::page::{Page, Route};
use crate::{
    first_paint,
    i18n::Words,
    lazy::{ChunkContent, LazyChunk},
    live::{Connection, effect},
    widgets::{Commands, ErasedView, Group, Icon, IntoErasedView, skeleton},
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
    let (words, lab, piece) = (Words::here(), LabDoorWords::here().lab, LazyChunk::of("lab"));
    effect(move || piece.fetch(Box::new(|_| ())));
    view! {
        <Title text=first_paint::title(move || [lab, " · ", words.product].concat()) />
        <div class="lab">{piece.view(coming, LazyChunk::missing)}</div>
    }
    .erase()
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
    view! {
        <h1>{LabDoorWords::here().lab}</h1>
        {skeleton(cards(&path))}
    }
    .erase()
}
