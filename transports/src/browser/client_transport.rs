//! The trait of a transport's client, which runs in the browser.

use super::{ClientConnection, EventSink, SubscribeRequest};

/// The browser's end of a transport.
pub(crate) trait ClientTransport {
    /// Opens a connection; `None` where the browser cannot even try.
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>>;
}
