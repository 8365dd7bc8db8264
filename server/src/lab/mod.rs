//! The lab: publications at a pace that a page asks for, to measure its lines with, and the end of those lines on request. Whoever
//! asks has to ask again and again: a page that has left is soon published for no more.

mod api;
mod error;
mod feature;
mod limits;
mod payload;
mod runs;

pub(crate) use feature::FEATURE;
pub(crate) use payload::now_ms;
