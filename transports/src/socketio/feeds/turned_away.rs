//! A namespace for those who cannot be served now: it tells when to come back. An HTTP status would tell a browser's
//! script nothing.

use std::task::{Context, Poll};

use common::frame::ServerFrame;
use hub::Bye;
use tokio::time::Instant;

use super::{feed::code, frames};
use crate::socketio::{
    engine::Out,
    sockets::{Event, Said, Socket, Voice},
};

pub(super) struct TurnedAway(pub(super) Bye);

impl Socket for TurnedAway {
    fn begin(&mut self, voice: &mut Voice<'_>) {
        let Bye { reason, retry_ms } = self.0;
        voice.emit(&frames::event(&ServerFrame::Bye { reason, retry_ms }), None);
    }

    fn hear(&mut self, _: Event, _: Option<u64>, _: Instant, _: &mut Voice<'_>) {}

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<Said> {
        Poll::Ready(Said::Bye(code(self.0.reason)))
    }
}
