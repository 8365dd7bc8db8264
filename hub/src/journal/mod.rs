//! The log on disk: a bounded series of segment files from which `TopicKind::Log` topics come back after a restart or
//! a `kill -9`.
//!
//! - **Written before visible.** A publication is one `write` before any reader can see it. The system keeps what was
//!   written when the process dies; for a power cut there is [`crate::Hub::flush`]. The write is under the journal's
//!   lock and not under the log's, so only those who publish what is stored wait for a slow disk (`crate::publish`).
//! - **One life.** The epoch and the numbering live on, so cursors stay valid. A new life begins only where entries
//!   may be missing and no one can say which: damage, or a machine that went down with the log open.
//! - **Bounded.** When there are too many segments, the entries of the oldest one that the log still holds are
//!   written again behind the newest, and the file is deleted. A note of what each topic has lost goes with them, so
//!   that a gap can still be told when nothing else proves it.
//!
//! Nothing here knows how the log is kept in memory: `crate::log` says what is still held.

mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod head;
pub(crate) mod inline;
mod lock;
mod record;
mod recovery;
mod segment;
mod segments;
mod settings;
mod sync;

pub use error::JournalError;
pub use settings::JournalSettings;

pub(crate) use recovery::{RecoveredEntry, RecoveredLog, RecoveredTopic};
pub(crate) use segments::{Bounds, Entry, Journal, weight};
pub(crate) use sync::SyncState;
