//! The log itself: its parts, and opening it.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use broker::{LocalControl, local::LocalPresence};
use parking_lot::Mutex;
use tokio::runtime::Handle;

use crate::{
    compact,
    error::JournalError,
    inline::InlineWrites,
    restore::restore,
    settings::{JournalSettings, LogSettings},
    state::Inner,
};

/// The embedded log of one node; cheap to clone.
#[derive(Debug, Clone)]
pub struct JournalBroker(pub(crate) Arc<Inner>);

impl JournalBroker {
    /// Opens the log that a folder holds, or an empty one that it will hold: entries of `TopicKind::Log` topics outlive the
    /// process, however it ends, and its cursors stay valid.
    ///
    /// # Errors
    /// When another log has the folder open, or it cannot be read and written. Damage is no error: what is left is
    /// kept, a new life begins, and the program's log tells.
    pub fn open(settings: LogSettings, journal: &JournalSettings) -> Result<Self, JournalError> {
        let (order, journal) = restore(&settings, journal)?;
        let broker = Self(Arc::new(Inner {
            settings,
            order: Mutex::new(order),
            sync_state: Arc::clone(journal.sync_state()),
            longest: journal.bounds().longest,
            journal: Mutex::new(journal),
            turn: Arc::default(),
            inline: OnceLock::new(),
            presence: LocalPresence::default(),
            control: LocalControl::default(),
        }));
        if let Err(error) = compact::enforce_segment_limit(&broker.0) {
            tracing::warn!(%error, "the stored log is longer than it should be, and cannot be made shorter now");
        }
        Ok(broker)
    }

    /// Lets tasks of this runtime write to the journal themselves while the disk answers at once, which costs a publication
    /// much less than a thread does. Nothing changes where the runtime has fewer than two workers.
    ///
    /// # Errors
    /// When the system has no thread left for the watchdog; writes then go to a thread as before.
    pub fn allow_inline_writes(&self, runtime: &Handle) -> io::Result<()> {
        if let Some(inline) = InlineWrites::start(runtime)? {
            // The first runtime stays.
            let _ = self.0.inline.set(inline);
        }
        Ok(())
    }

    /// Returns for how long the disk has not answered a request of the journal.
    #[must_use]
    pub fn disk_stalled_for(&self) -> Option<Duration> {
        self.0.sync_state.stalled_for()
    }

    /// Stops waiting for the disk: dropping the log will not wait for its last sync. For a process that has to end, although
    /// [`broker::Broker::flush`] did not come back.
    pub fn abandon_disk(&self) {
        self.0.sync_state.abandon();
    }

    /// Returns the error with which the disk failed. After a failure nothing is stored until the journal is opened
    /// again.
    #[must_use]
    pub fn disk_error(&self) -> Option<io::ErrorKind> {
        self.0.sync_state.failed()
    }
}
