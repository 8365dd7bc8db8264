//! The body of an answer that does not end, as it is or in chunks (RFC 9112 §7.1).

use anyhow::{Context, Result, bail};

/// A body, read on and on.
pub(super) struct Body {
    chunked: bool,
    /// A chunk's size line that has come in part.
    coded: Vec<u8>,
    /// The bytes of the chunk that are still to come, with its line end.
    chunk_left: usize,
}

/// A part of a body.
#[derive(Debug, Clone, Copy)]
pub(super) enum BodyPart<'a> {
    /// Some of its bytes.
    Bytes(&'a [u8]),
    /// A chunk's end.
    End,
}

/// A size line beyond this is none.
const SIZE_LONGEST: usize = 18;

impl Body {
    /// The body that a head announces.
    pub(super) fn after(head: &str) -> Self {
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Self { chunked, coded: Vec::new(), chunk_left: 0 }
    }

    /// Reads on.
    pub(super) fn feed(&mut self, mut bytes: &[u8], part: &mut dyn FnMut(BodyPart<'_>)) -> Result<()> {
        if !self.chunked {
            part(BodyPart::Bytes(bytes));
            return Ok(());
        }
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
            part(BodyPart::Bytes(&now[..body]));
            self.chunk_left -= now.len();
            if self.chunk_left == 0 {
                part(BodyPart::End);
            }
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
}
