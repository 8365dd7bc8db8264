//! Ending one connection.

use common::frame::ByeReason;
use fanout::Disconnect;

use crate::live::Live;

impl Live {
    /// Disconnects a connection, whose client may come back; false if there is none of this number.
    #[must_use]
    pub fn disconnect(&self, id: u64) -> bool {
        let Some(stats) = self.admission.find(id) else { return false };
        if self.hub.disconnect(id, self.disconnect_notice()) == 0 {
            stats.disconnect_next();
        }
        true
    }

    /// Returns the notice that a disconnected client gets.
    pub(crate) fn disconnect_notice(&self) -> Disconnect {
        Disconnect { reason: ByeReason::Ended, retry_ms: self.pace.retry_ms() }
    }
}
