//! The page's end: `fetch`, and the body read as it comes.

use common::frame::ServerFrame;

use super::{ENTRY, line_reader::LineReader};
use crate::browser::{
    ClientConnection, ClientEvent, ClientTransport, EventSink, SubscribeRequest, TextBody, fetch,
    reading::{self, Reader, RequestFailed},
};

impl ClientTransport for super::HttpStream {
    fn open(request: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
        open(request, sink)
    }
}

/// Opens a stream.
#[must_use]
pub fn open(ask: &SubscribeRequest, sink: EventSink) -> Option<Box<dyn ClientConnection>> {
    let address = format!("{}?{}", ENTRY.path, ask.query());
    reading::open(sink, |reader| read(address, reader))
}

/// A refusal that will pass has a status, and a body of one `bye`: it is read like any other.
async fn read(address: String, reader: Reader) -> Result<(), RequestFailed> {
    let answer = fetch::get(&address, Some(&reader.signal)).await?;
    if answer.ok() {
        reader.report(ClientEvent::Opened);
    }
    let mut body = TextBody::of(&answer)?;
    let mut lines = LineReader::default();
    while let Some(text) = body.next().await? {
        let read = lines.read(&text, |line| {
            if let Ok(frame) = ServerFrame::from_json(line) {
                reader.frame(frame);
            }
        });
        read.map_err(|_| RequestFailed)?;
    }
    Ok(())
}
