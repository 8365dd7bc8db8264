//! Separates the work of server and browser while rendering: the server draws the first picture of each chart and knows
//! the request; the browser takes all that over.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use common::{history::History, host::HostSnapshot};

use crate::i18n::Language;

pub(crate) use side::{catalog, host, page_link, picture, reader, set_status, title};
#[cfg(feature = "ssr")]
pub(crate) use side::{is_wall_display, reader_of};

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
