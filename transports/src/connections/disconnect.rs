//! Ending one connection.

use access::Principal;
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

    /// Takes the rights of these principals away from their connections and ends them; returns how many there were. Whoever is being
    /// admitted now finds that its rights are gone.
    pub fn revoke(&self, is_one: impl Fn(&Principal) -> bool) -> usize {
        let theirs = self.admission.open().into_iter().filter(|stats| is_one(stats.principal()));
        let ended = theirs.map(|stats| {
            stats.principal().revoke();
            let notice = Disconnect { reason: ByeReason::SignedOut, retry_ms: self.pace.retry_ms() };
            if self.hub.silence(stats.id(), notice) == 0 {
                stats.disconnect_next();
            }
        });
        ended.count()
    }

    /// Returns the notice that a disconnected client gets.
    pub(crate) fn disconnect_notice(&self) -> Disconnect {
        Disconnect { reason: ByeReason::Ended, retry_ms: self.pace.retry_ms() }
    }
}
