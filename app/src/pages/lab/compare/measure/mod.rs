//! What is measured, and how. Nothing here knows a browser, a clock or a signal; and nothing grows, however long it runs.

mod histogram;
mod tally;

pub(super) use tally::{Figures, Tally};
