//! The page's end: `fetch`, and the body read as it comes.

use common::frame::ServerFrame;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult, TextDecodeOptions, TextDecoder};

use super::{ENTRY, line_reader::LineReader};
use crate::browser::{
    ClientConnection, ClientEvent, EventSink, SubscribeRequest, fetch,
    reading::{self, Reader, RequestFailed},
};

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
    let pieces: ReadableStreamDefaultReader =
        answer.body().ok_or(RequestFailed)?.get_reader().unchecked_into();
    let decoder = TextDecoder::new()?;
    let more_follows = TextDecodeOptions::new();
    more_follows.set_stream(true);
    let mut lines = LineReader::default();
    loop {
        let piece: ReadableStreamReadResult = JsFuture::from(pieces.read()).await?.unchecked_into();
        if piece.get_done() == Some(true) {
            return Ok(());
        }
        let bytes: Uint8Array = piece.get_value().unchecked_into();
        let text = decoder.decode_with_js_u8_array_and_options(&bytes, &more_follows)?;
        let read = lines.read(&text, |line| {
            if let Ok(frame) = ServerFrame::from_json(line) {
                reader.frame(frame);
            }
        });
        read.map_err(|_| RequestFailed)?;
    }
}
