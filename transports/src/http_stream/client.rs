//! The page's end: `fetch`, and the body read as it comes.

use common::frame::ServerFrame;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult, TextDecodeOptions, TextDecoder};

use super::{ENTRY, lines::Lines};
use crate::browser::{
    Ask, Ear, Heard, Line, fetch,
    reading::{self, Broken, Reader},
};

/// Opens a stream.
#[must_use]
pub fn open(ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
    let address = format!("{}?{}", ENTRY.path, ask.query());
    reading::open(ear, |reader| read(address, reader))
}

/// A refusal that will pass has a status, and a body of one `bye`: it is read like any other.
async fn read(address: String, reader: Reader) -> Result<(), Broken> {
    let answer = fetch::get(&address, Some(&reader.signal)).await?;
    if answer.ok() {
        reader.hear(Heard::Opened);
    }
    let pieces: ReadableStreamDefaultReader = answer.body().ok_or(Broken)?.get_reader().unchecked_into();
    let decoder = TextDecoder::new()?;
    let more_follows = TextDecodeOptions::new();
    more_follows.set_stream(true);
    let mut lines = Lines::default();
    loop {
        let piece: ReadableStreamReadResult = JsFuture::from(pieces.read()).await?.unchecked_into();
        if piece.get_done() == Some(true) {
            return Ok(());
        }
        let bytes: Uint8Array = piece.get_value().unchecked_into();
        let text = decoder.decode_with_js_u8_array_and_options(&bytes, &more_follows)?;
        let heard = lines.read(&text, |line| {
            if let Ok(frame) = ServerFrame::from_json(line) {
                reader.frame(frame);
            }
        });
        heard.map_err(|_| Broken)?;
    }
}
