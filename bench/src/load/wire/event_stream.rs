//! An event stream (WHATWG HTML §9.2.6), as it is or in chunks.

use anyhow::Result;

use super::{
    Decode, Opening,
    body::{Body, BodyPart},
};

/// The decoder that an answer's head asks for.
pub(super) fn decoder(opening: &Opening<'_>) -> Box<dyn Decode> {
    Box::new(EventStream { body: Body::after(opening.head), text: Vec::new() })
}

struct EventStream {
    body: Body,
    /// The block that has come in part.
    text: Vec<u8>,
}

impl Decode for EventStream {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        let text = &mut self.text;
        self.body.feed(bytes, &mut |part| {
            if let BodyPart::Bytes(bytes) = part {
                text.extend_from_slice(bytes);
            }
        })?;
        self.blocks(message);
        Ok(())
    }
}

impl EventStream {
    /// Hands over the `data` of each whole block.
    fn blocks(&mut self, message: &mut dyn FnMut(&[u8])) {
        let mut from = 0;
        while let Some(length) = self.text[from..].windows(2).position(|two| two == b"\n\n") {
            let block = &self.text[from..from + length];
            for line in block.split(|&byte| byte == b'\n') {
                if let Some(data) = line.strip_prefix(b"data:") {
                    message(data);
                }
            }
            from += length + 2;
        }
        self.text.drain(..from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: &str = ": hello\nretry: 5\ndata: one\nid: 1-1\n\ndata: two\nid: 1-2\n\n";

    fn read(head: &str, wire: &str, step: usize) -> Vec<String> {
        let mut decoder = decoder(&Opening::headed(head));
        let mut heard = Vec::new();
        for part in wire.as_bytes().chunks(step) {
            let mut on_publication = |data: &[u8]| heard.push(String::from_utf8_lossy(data).into_owned());
            decoder.feed(part, &mut on_publication).expect("an event stream");
        }
        heard
    }

    #[test]
    fn blocks_are_found_however_the_stream_is_cut() {
        let (first, second) = BLOCKS.split_at(30);
        let chunked = format!("{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n", first.len(), second.len());
        for step in 1..=chunked.len() {
            assert_eq!(read("", BLOCKS, step), [" one", " two"], "{step}");
            assert_eq!(read("Transfer-Encoding: chunked", &chunked, step), [" one", " two"], "{step}");
        }
    }
}
