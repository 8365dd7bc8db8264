//! The measurements of the lab. Nothing here knows a browser, a clock or a signal; and nothing grows, however long it
//! runs.

mod busy;
mod histogram;
mod shape;
mod tally;

pub(super) use busy::is_busy;
pub(super) use shape::{SIZE, place};
pub(super) use tally::{Figures, Tally};
