//! The embedded log of one node: in memory, and for `Log` topics in a folder on disk, a bounded series of segment files from which they
//! come back after a restart or a `kill -9`.
//!
//! - **Written before visible.** A publication is one `write` before any reader can see it. The system keeps what was
//!   written when the process dies; for a power cut there is [`broker::Broker::flush`]. The write is under the journal's
//!   lock and under no lock that readers take, so only those who publish what is stored wait for a slow disk (`publish`).
//! - **One life.** The epoch and the numbering live on, so cursors stay valid. A new life begins only where entries
//!   may be missing and no one can say which: damage, or a machine that went down with the log open.
//! - **Bounded.** When there are too many segments, the entries of the oldest one that the log still holds are
//!   written again behind the newest, and the file is deleted. A note of what each topic has lost goes with them, so
//!   that a gap can still be told when nothing else proves it.

mod backup;
mod broker_impl;
mod clock_reading;
mod compact;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod head;
mod inline;
mod journal_broker;
mod lock;
mod publish;
mod record;
mod recovery;
mod restore;
mod segment;
mod segments;
mod settings;
mod state;
mod sync;

pub use backup::segment_files;
pub use error::JournalError;
pub use journal_broker::JournalBroker;
pub use settings::{JournalSettings, LogSettings};
