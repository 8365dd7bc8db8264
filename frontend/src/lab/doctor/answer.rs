//! An answer that is read as it comes.

use js_sys::Uint8Array;
use transports::browser::fetch;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, ReadableStreamDefaultReader, ReadableStreamReadResult, Response};

use super::time::within;

/// An answer whose head has come.
pub(super) struct Answer {
    pub(super) status: u16,
    pieces: Option<ReadableStreamDefaultReader>,
}

/// The next part of an answer.
pub(super) enum Next {
    Piece(Vec<u8>),
    /// The body is whole.
    End,
    /// The connection broke.
    Broken,
    /// Nothing in time.
    Late,
}

/// Asks, and waits for the head. `None` where none came in time, an error where the connection ended without one.
pub(super) async fn ask(address: String, signal: AbortSignal, ms: u32) -> Option<Result<Answer, JsValue>> {
    let asked = match fetch::promised(&address, &signal) {
        Ok(asked) => asked,
        Err(error) => return Some(Err(error)),
    };
    Some(within(&asked, ms).await?.map(|answer| {
        let answer: Response = answer.unchecked_into();
        let pieces = answer.body().map(|body| body.get_reader().unchecked_into());
        Answer { status: answer.status(), pieces }
    }))
}

impl Answer {
    /// Waits for what comes next.
    pub(super) async fn next(&self, ms: u32) -> Next {
        let Some(pieces) = &self.pieces else { return Next::End };
        let Some(next) = within(&pieces.read(), ms).await else { return Next::Late };
        let Ok(piece) = next else { return Next::Broken };
        let piece: ReadableStreamReadResult = piece.unchecked_into();
        if piece.get_done() == Some(true) {
            return Next::End;
        }
        Next::Piece(piece.get_value().unchecked_into::<Uint8Array>().to_vec())
    }
}
