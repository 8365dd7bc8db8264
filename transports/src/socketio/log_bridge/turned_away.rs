//! A namespace for those who cannot be served now: it tells when to come back. An HTTP status would tell a browser's
//! script nothing.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
};

use common::frame::ServerFrame;
use fanout::Disconnect;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{close_code::code, frames};
use crate::socketio::{
    engine::Out,
    sockets::{Emitter, Event, SocketAction, SocketHandler},
};

pub(super) struct TurnedAway(pub(super) Disconnect);

impl SocketHandler for TurnedAway {
    fn on_connect(&mut self, emitter: &mut Emitter<'_>) {
        let Disconnect { reason, retry_ms } = self.0;
        emitter.emit(&frames::event(&ServerFrame::Bye { reason, retry_ms }), None);
    }

    fn on_event(&mut self, _: Event, _: Option<u64>, _: Instant, _: &mut Emitter<'_>) {}

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<SocketAction> {
        Poll::Ready(SocketAction::Bye(code(self.0.reason)))
    }

    /// Ready at once: it ends whether or not its client comes to read so.
    fn poll_closing(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

/// Counts, by address, the connections that are to be told to come back later. One address can have few of them at
/// once, so that it cannot fill the table of sessions for all others.
#[derive(Debug, Clone, Default)]
pub(in crate::socketio) struct TurnedAwayCounts(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// The connections of one address that are told so at once.
const PER_ADDRESS: usize = 16;

impl TurnedAwayCounts {
    /// Counts one more, while there is room for it.
    pub(in crate::socketio) fn register(&self, address: IpAddr) -> Option<TurnedAwayPlace> {
        let mut counts = self.0.lock();
        let count = counts.entry(address).or_default();
        if *count >= PER_ADDRESS {
            return None;
        }
        *count += 1;
        Some(TurnedAwayPlace { counts: self.clone(), address })
    }
}

/// One of an address's connections that are told to come back later; given back when dropped.
#[derive(Debug)]
pub(in crate::socketio) struct TurnedAwayPlace {
    counts: TurnedAwayCounts,
    address: IpAddr,
}

impl Drop for TurnedAwayPlace {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}
