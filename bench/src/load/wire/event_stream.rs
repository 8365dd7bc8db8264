//! An event stream (WHATWG HTML §9.2.6), as it is or in chunks (RFC 9112 §7.1).

use anyhow::{Context, Result, bail};

use super::Decode;

/// The decoder that an answer's head asks for.
pub(super) fn decoder(head: &str) -> Box<dyn Decode> {
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Box::new(EventStream { coded: Vec::new(), chunked, chunk_left: 0, text: Vec::new() })
}

struct EventStream {
    /// A chunk's size line that has come in part, or the line end after a chunk.
    coded: Vec<u8>,
    chunked: bool,
    /// What is still to come of the chunk, with its line end.
    chunk_left: usize,
    /// The block that has come in part.
    text: Vec<u8>,
}

/// A size line beyond this is none.
const SIZE_LONGEST: usize = 18;

impl Decode for EventStream {
    fn feed(&mut self, bytes: &[u8], message: &mut dyn FnMut(&[u8])) -> Result<()> {
        if self.chunked {
            self.unchunk(bytes)?;
        } else {
            self.text.extend_from_slice(bytes);
        }
        self.blocks(message);
        Ok(())
    }
}

impl EventStream {
    fn unchunk(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.chunk_left == 0 {
                let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else {
                    self.coded.extend_from_slice(bytes);
                    return Ok(());
                };
                self.coded.extend_from_slice(&bytes[..end]);
                bytes = &bytes[end + 1..];
                self.chunk_left = self.size()? + 2;
                self.coded.clear();
            }
            let (now, later) = bytes.split_at(bytes.len().min(self.chunk_left));
            let body = now.len().min(self.chunk_left.saturating_sub(2));
            self.text.extend_from_slice(&now[..body]);
            self.chunk_left -= now.len();
            bytes = later;
        }
        Ok(())
    }

    fn size(&self) -> Result<usize> {
        if self.coded.len() > SIZE_LONGEST {
            bail!("a chunk's size line is too long");
        }
        let line = std::str::from_utf8(&self.coded).context("a chunk's size is text")?;
        usize::from_str_radix(line.trim_end(), 16).with_context(|| format!("{line:?} is not a chunk's size"))
    }

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

    const BLOCKS: &str = ": hello\nretry: 5\n\nid: 1-1\ndata: one\n\nid: 1-2\ndata: two\n\n";

    fn read(head: &str, wire: &str, step: usize) -> Vec<String> {
        let mut decoder = decoder(head);
        let mut heard = Vec::new();
        for part in wire.as_bytes().chunks(step) {
            let mut hear = |data: &[u8]| heard.push(String::from_utf8_lossy(data).into_owned());
            decoder.feed(part, &mut hear).expect("an event stream");
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
