//! The lines that containers, the journal and files write, live and as far back as they are kept. Here is what every page has of it; the
//! rest is a chunk.

mod address;
mod alert;
mod ansi;
mod ask;
mod board;
mod colour;
mod control;
mod door_words;
mod draw;
mod drawn;
mod entries;
mod json;
mod level;
mod level_name;
mod life;
mod parts;
mod picker;
mod plain;
mod reading;
mod receive;
mod request;
mod ring;
mod row;
mod search;
mod sieve;
mod sources;
mod stamp;
mod stream;
mod tools;
mod view;
mod window;
mod wire;
mod words;

use self::door_words::LogsDoorWords;
#[cfg(feature = "ssr")]
pub(crate) use self::{plain::plain as plain_text, words::grouped};
use super::{
    lazy_page::{heading_and_cards, lazy_page},
    page::{Page, Route},
};
use crate::{
    lazy::ChunkContent,
    widgets::{Commands, ErasedView, Icon},
};

/// The chunk.
pub(crate) static LOGS: ChunkContent = ChunkContent { view: view::view, rest: &() };

/// The page.
pub(super) const PAGE: Page = Page {
    route: Some(Route {
        paths: &["/logs"],
        name: |language| LogsDoorWords::of(language).logs,
        icon: Icon::LINES,
        has_trends: false,
        view: page,
    }),
    shortcuts: &[],
};

/// None: the palette has the way to each page already.
pub(super) fn commands(_: &mut Commands) {}

fn page() -> ErasedView {
    lazy_page(LogsDoorWords::here().logs, "logs", coming)
}

fn coming() -> ErasedView {
    heading_and_cards(LogsDoorWords::here().logs, &["containers"])
}
