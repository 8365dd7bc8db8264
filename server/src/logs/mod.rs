//! Lines that programs wrote, for whoever asks: of containers, of systemd's journal, of files that the settings name. Nothing of a line is
//! ever interpreted.
//!
//! A request becomes a finite stream on a topic of its own, or a download. Each kind of source is a [`source::LineSource`]; [`reading`] puts
//! the lines of several into one order.

mod api;
mod container;
mod download;
mod error;
mod feature;
mod file;
mod journal;
mod kept;
mod line;
mod line_query;
mod merge;
mod operations;
mod plan;
mod reading;
mod send;
mod settings;
mod source;
mod sources;

pub(crate) use feature::FEATURE;
pub use settings::{JournalUse, KeptContainers, LogSourceSettings};
