//! Streams over HTTP whose messages are lines, or chunks.

use anyhow::Result;

use super::{
    Decode, Opening,
    body::{Body, BodyPart},
};

/// A message is a line (NDJSON).
pub(super) fn lines(opening: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(Lines { body: Body::after(opening.head), text: Vec::new() })
}

/// A message is a chunk, as Nchan's documentation has it for `TE: chunked`.
pub(super) fn chunks(opening: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(Chunks { body: Body::after(opening.head), chunk: Vec::new() })
}

struct Lines {
    body: Body,
    /// The bytes since the last line's end.
    text: Vec<u8>,
}

struct Chunks {
    body: Body,
    /// The bytes of an unfinished chunk.
    chunk: Vec<u8>,
}

impl Decode for Lines {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let text = &mut self.text;
        self.body.feed(bytes, &mut |part| {
            if let BodyPart::Bytes(bytes) = part {
                text.extend_from_slice(bytes);
            }
        })?;
        let mut from = 0;
        while let Some(length) = self.text[from..].iter().position(|&byte| byte == b'\n') {
            message(&self.text[from..from + length]);
            from += length + 1;
        }
        self.text.drain(..from);
        Ok(())
    }
}

impl Decode for Chunks {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let chunk = &mut self.chunk;
        self.body.feed(bytes, &mut |part| match part {
            BodyPart::Bytes(bytes) => chunk.extend_from_slice(bytes),
            BodyPart::End => {
                message(chunk);
                chunk.clear();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &str = "Transfer-Encoding: chunked";

    fn read(mut decoder: Box<dyn Decode>, wire: &str, step: usize) -> Vec<String> {
        let mut heard = Vec::new();
        for part in wire.as_bytes().chunks(step) {
            let mut on_publication = |data: &[u8]| heard.push(String::from_utf8_lossy(data).into_owned());
            decoder.feed(part, &mut on_publication).expect("a stream");
        }
        heard
    }

    #[test]
    fn lines_and_chunks_are_found_however_the_stream_is_cut() {
        let wire = "6\r\none\ntw\r\n2\r\no\n\r\n";
        for step in 1..=wire.len() {
            assert_eq!(read(lines(&Opening::headed(CHUNKED)), wire, step), ["one", "two"], "{step}");
            assert_eq!(read(chunks(&Opening::headed(CHUNKED)), wire, step), ["one\ntw", "o\n"], "{step}");
        }
    }
}
