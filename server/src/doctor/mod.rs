//! The doctor's end at the server: it tells a page how the page's requests arrived, and answers with silence, so that the page can tell
//! what lies between the two.

mod api;
mod feature;
mod idle_probe;
mod nodes;
mod recorder;
mod request_log;
mod state;

pub(crate) use feature::FEATURE;
