//! systemd's journal, read by its own program: `journalctl` knows every version of the files, and only reads.

mod child;
mod entry;
mod history;
mod lines;
mod place;

pub(super) use lines::JournalLines;
pub(super) use place::Journal;
