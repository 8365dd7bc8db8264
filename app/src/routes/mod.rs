//! Which page is at an address. Server and browser differ: the server lists every address that it answers, and has the code of
//! every page at hand.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

pub(crate) use side::{rendered, routes};
