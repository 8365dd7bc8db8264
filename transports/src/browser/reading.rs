//! A connection that is made of requests: a task reads the responses for as long as the connection is held.

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use common::frame::{ClientFrame, ServerFrame};

use super::{ClientConnection, ClientEvent, EventSink, fetch::AbortOnDrop, spawn};

/// The line as its holder has it: dropping it ends the request that is under way.
struct RequestConnection {
    _abort: AbortOnDrop,
}

/// The line as its task has it.
pub(crate) struct Reader {
    sink: EventSink,
    /// The signal that its requests hold.
    pub(crate) signal: AbortSignal,
}

/// A request failed: the connection is gone, and the engine decides what follows.
pub(crate) struct RequestFailed;

/// Opens a connection that lives until `read` is done.
pub(crate) fn open<F>(sink: EventSink, read: impl FnOnce(Reader) -> F) -> Option<Box<dyn ClientConnection>>
where
    F: Future<Output = Result<(), RequestFailed>> + 'static,
{
    let abort = AbortOnDrop::new()?;
    let reading = read(Reader { sink: sink.clone(), signal: abort.signal() });
    let last = Reader { sink, signal: abort.signal() };
    spawn(async move {
        let _ = reading.await;
        last.report(ClientEvent::Closed(None));
    });
    Some(Box::new(RequestConnection { _abort: abort }))
}

impl Reader {
    /// Reports an event, unless the connection was dropped meanwhile.
    pub(crate) fn report(&self, heard: ClientEvent) {
        if !self.signal.aborted() {
            (self.sink)(heard);
        }
    }

    /// Reports a frame.
    pub(crate) fn frame(&self, frame: ServerFrame) {
        self.report(ClientEvent::Frame(frame));
    }
}

impl ClientConnection for RequestConnection {
    fn send(&self, _: &ClientFrame) -> bool {
        false
    }
}

impl From<JsValue> for RequestFailed {
    fn from(_: JsValue) -> Self {
        Self
    }
}
