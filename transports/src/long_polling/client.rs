//! The page's client: a poll is always open.

use super::ENTRY;
use crate::{
    browser::{ClientConnection, ClientTransport, EventSink, SubscribeRequest},
    polling::{PollConfig, poll_loop},
};

/// Less than the page's engine bears of silence, with time to spare for slow networks.
const WAIT_S: u32 = 10;

const CONFIG: PollConfig =
    PollConfig { path: ENTRY.path, wait: Some(WAIT_S), silence_ms: WAIT_S as u64 * 1_000 + 2_000 };

impl ClientTransport for super::LongPolling {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Begins to ask.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    poll_loop(&CONFIG, ask, sink)
}
