//! The body of an answer, read as text while it comes.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ReadableStreamDefaultReader, ReadableStreamReadResult, Response, TextDecodeOptions, TextDecoder,
};

/// A body whose bytes are decoded as UTF-8. A character whose bytes come in two pieces is in the text of the second.
#[derive(Debug)]
pub struct TextBody {
    pieces: ReadableStreamDefaultReader,
    decoder: TextDecoder,
    more_follows: TextDecodeOptions,
}

impl TextBody {
    /// Begins to read.
    ///
    /// # Errors
    /// When the answer has no body, or another reader has it.
    pub fn of(answer: &Response) -> Result<Self, JsValue> {
        let body = answer.body().ok_or(JsValue::NULL)?;
        let more_follows = TextDecodeOptions::new();
        more_follows.set_stream(true);
        Ok(Self { pieces: body.get_reader().unchecked_into(), decoder: TextDecoder::new()?, more_follows })
    }

    /// Waits for the text that comes next; none at the end.
    ///
    /// # Errors
    /// When the line breaks or the request is aborted.
    pub async fn next(&mut self) -> Result<Option<String>, JsValue> {
        let piece: ReadableStreamReadResult = JsFuture::from(self.pieces.read()).await?.unchecked_into();
        if piece.get_done() == Some(true) {
            return Ok(None);
        }
        let bytes: Uint8Array = piece.get_value().unchecked_into();
        self.decoder.decode_with_js_u8_array_and_options(&bytes, &self.more_follows).map(Some)
    }
}
