//! Separates the work of server and browser while rendering: the server draws the first picture of each chart and knows
//! the request; the browser takes all that over.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use common::{history::History, host::HostSnapshot};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::i18n::Language;

pub(crate) use side::{base, catalog, host, page_link, picture, reader, router_base, set_status, title};
#[cfg(feature = "ssr")]
pub(crate) use side::{is_wall_display, reader_of};

/// Returns an address of the board as the browser asks for it: below the base path.
pub(crate) fn href(path: &str) -> String {
    [&base(), path].concat()
}

/// Returns the board's own address of the page that is shown, whatever the base path.
pub(crate) fn here() -> Memo<String> {
    let path = use_location().pathname;
    let base = router_base();
    if base.is_empty() {
        return path;
    }
    Memo::new(move |_| path.with(|path| path.strip_prefix(&*base).unwrap_or(path).to_owned()))
}

/// The server's copy as it stands in the page, made whole: see `packed`.
pub(crate) fn unpacked(mut snapshot: HostSnapshot) -> HostSnapshot {
    let History { at, rates, .. } = &mut snapshot.history;
    for at in [at, &mut rates.at] {
        let mut last = 0_u64;
        for at in at {
            last = last.wrapping_add(*at);
            *at = last;
        }
    }
    snapshot
}

/// The reader's preferences, from the request. The browser finds the same on the root element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    /// `light` or `dark`; none follows the system.
    pub(crate) theme: Option<String>,
    /// The network they are on, by a name of the server's.
    pub(crate) network: Option<String>,
}
