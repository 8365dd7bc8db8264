//! The parts of the log, and which lock guards each.

use std::sync::{Arc, OnceLock};

use broker::{
    LocalControl,
    local::{LocalPresence, Order},
};
use parking_lot::Mutex;

use crate::{inline::InlineWrites, segments::Journal, settings::LogSettings, sync::SyncState};

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) settings: LogSettings,
    pub(crate) order: Mutex<Order>,
    /// The journal stores the entries of `TopicKind::Log` topics. Its lock is held during writes to the disk, so
    /// nobody takes it while holding the order's lock.
    pub(crate) journal: Mutex<Journal>,
    /// Tracks what still has to reach the disk. It stands apart from both locks.
    pub(crate) sync_state: Arc<SyncState>,
    /// The longest entry, with its topic's name, that the journal takes, bytes.
    pub(crate) longest: usize,
    /// One task at a time has a thread that waits for the disk.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    /// Set where tasks may write to the journal themselves.
    pub(crate) inline: OnceLock<InlineWrites>,
    pub(crate) presence: LocalPresence,
    pub(crate) control: LocalControl,
}
