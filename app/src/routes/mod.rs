//! Which page is at an address. Server and browser differ: the server renders once, and has the code of every chunk at hand.

#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use crate::{
    pages,
    widgets::{ErasedView, IntoErasedView},
};

#[cfg(feature = "ssr")]
pub use side::paths;
pub(crate) use side::{rendered, routes};

/// The page at `/`.
fn first() -> ErasedView {
    pages::routes().next().map_or_else(|| ().erase(), |route| (route.view)())
}
