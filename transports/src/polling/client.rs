//! The page's client: a poll every second while someone looks, every five seconds otherwise.

use super::{ENTRY, PollConfig, poll_loop};
use crate::browser::{ClientConnection, ClientTransport, EventSink, SubscribeRequest};

const CONFIG: PollConfig = PollConfig { path: ENTRY.path, wait: None, silence_ms: 5_000 };

impl ClientTransport for super::Polling {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Begins to ask.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    poll_loop(&CONFIG, ask, sink)
}
