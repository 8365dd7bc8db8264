//! The pages. Each folder is one page; what a page shows is in its cards.

mod chat;
mod containers;
mod lab;
mod lazy_page;
mod logs;
mod not_found;
mod outlet;
mod overview;
mod page;

use crate::widgets::Commands;
pub(crate) use chat::{CHAT, Chat, ChatButton, ChatPanel};
pub(crate) use containers::CONTAINERS;
pub use lab::LabWords;
pub(crate) use lab::{LAB, LabDoorWords};
pub(crate) use logs::LOGS;
#[cfg(feature = "ssr")]
pub(crate) use logs::{grouped, plain_text};
pub(crate) use outlet::Outlet;
pub(crate) use overview::BODIES;
pub(crate) use page::{Page, Route, Shortcut};

/// Lists the pages once for all that go through them: the router, the sidebar, the palette and the keys.
macro_rules! registry {
    ($($page:ident,)*) => {
        /// Every page, in the order of the sidebar. The first is the one at `/`.
        pub(crate) static PAGES: &[Page] = &[$($page::PAGE),*];
        /// The commands of every page.
        pub(crate) static COMMANDS: &[fn(&mut Commands)] = &[$($page::commands),*];
    };
}

registry! {
    overview,
    containers,
    logs,
    lab,
    chat,
}

/// The routes of every page that has one.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    PAGES.iter().filter_map(|page| page.route.as_ref())
}

#[cfg(test)]
mod tests;
