//! A line that is made of requests: a task that reads answers for as long as the line is held.

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use common::frame::{ClientFrame, ServerFrame};

use super::{Ear, Heard, Line, fetch::Leash, spawn};

/// The line as its holder has it: dropping it ends the request that is under way.
struct Reading {
    _leash: Leash,
}

/// The line as its task has it.
pub(crate) struct Reader {
    ear: Ear,
    /// What its requests hold.
    pub(crate) signal: AbortSignal,
}

/// Whatever went wrong with a request: the line is gone, and the engine asks for no more.
pub(crate) struct Broken;

/// Opens a line that lives until `read` is done.
pub(crate) fn open<F>(ear: Ear, read: impl FnOnce(Reader) -> F) -> Option<Box<dyn Line>>
where
    F: Future<Output = Result<(), Broken>> + 'static,
{
    let leash = Leash::new()?;
    let reading = read(Reader { ear: ear.clone(), signal: leash.signal() });
    let last = Reader { ear, signal: leash.signal() };
    spawn(async move {
        let _ = reading.await;
        last.hear(Heard::Closed(None));
    });
    Some(Box::new(Reading { _leash: leash }))
}

impl Reader {
    /// Reports, unless the line was dropped meanwhile.
    pub(crate) fn hear(&self, heard: Heard) {
        if !self.signal.aborted() {
            (self.ear)(heard);
        }
    }

    /// Reports a frame.
    pub(crate) fn frame(&self, frame: ServerFrame) {
        self.hear(Heard::Frame(frame));
    }
}

impl Line for Reading {
    fn send(&self, _: &ClientFrame) -> bool {
        false
    }
}

impl From<JsValue> for Broken {
    fn from(_: JsValue) -> Self {
        Self
    }
}
