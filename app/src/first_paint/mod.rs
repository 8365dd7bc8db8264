//! Separates the work of server and browser while rendering: the server draws the first picture of each chart and knows
//! the request; the browser takes all that over.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use common::{history::History, host::HostSnapshot};

use crate::i18n::Language;

pub(crate) use side::{
    base, catalog, host, notice_topics, page_link, picture, reader, router_base, set_status, title,
};
#[cfg(feature = "ssr")]
pub(crate) use side::{is_wall_display, notice_mark, reader_of};

/// Returns an address of the board as the browser asks for it: below the base path.
pub(crate) fn href(path: &str) -> String {
    [&base(), path].concat()
}

/// Returns the board's own address in that of the page that is shown: without the base path.
pub(crate) fn own(path: &str) -> &str {
    path.strip_prefix(&*router_base()).unwrap_or(path)
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
