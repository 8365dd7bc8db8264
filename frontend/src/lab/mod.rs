//! The lab's lines: one for each transport, each with an engine of its own that is pinned to it. In the same piece as the lab's
//! pages.

mod bench;
mod blocks;
mod connections;
mod doctor;
mod line;
mod moment;
mod requests;
#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

pub(crate) use side::load;
