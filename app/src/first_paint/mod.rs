//! The one thing server and browser do differently while rendering: the server draws the first picture of each chart
//! and knows the request; the browser takes over both.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use crate::words::Language;

pub(crate) use side::{host, picture, reader, set_status};

/// What the request said about its reader. The browser finds the same on the root element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    /// `light` or `dark`; none follows the system.
    pub(crate) theme: Option<String>,
    /// The network they are on, by a name of the server's.
    pub(crate) network: Option<String>,
}
