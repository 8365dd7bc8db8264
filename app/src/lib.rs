//! The user interface: pages and widgets, rendered on the server and hydrated in the browser from the same components.
//! What they need from either side stands in [`ports`]; no socket, timer, SQL or canvas call is named here.

// A view is one type, and its layout is computed to the bottom.
#![recursion_limit = "256"]
#![allow(unreachable_pub, reason = "#[component] writes `pub` for what it generates")]

#[cfg(feature = "ssr")]
pub mod door;
pub mod format;
pub mod i18n;
pub mod live;
pub mod ports;

mod app;
#[cfg(feature = "ssr")]
mod error_page;
mod first_paint;
mod lazy;
mod order;
mod pages;
mod parts;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod shell_words;
mod widgets;

pub use app::App;
#[cfg(feature = "ssr")]
pub use error_page::broken_page;
pub use pages::LabWords;
#[cfg(feature = "ssr")]
pub use routes::paths;
#[cfg(feature = "ssr")]
pub use shell::shell;
