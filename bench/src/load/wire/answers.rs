//! Answers on a line that stays (RFC 9112 §9.3), each of a length that its head tells.

use anyhow::{Context, Result, bail};

/// Answers, one after another.
#[derive(Debug)]
pub(super) struct Answers {
    read: Vec<u8>,
}

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answers {
    /// The first of them has come up to here.
    pub(super) fn after(head: &str) -> Self {
        Self { read: head.as_bytes().to_vec() }
    }

    /// Reads on.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.read.extend_from_slice(bytes);
    }

    /// The next whole one.
    pub(super) fn next(&mut self) -> Result<Option<Answer>> {
        let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let head = std::str::from_utf8(&self.read[..end]).context("an answer's head is text")?;
        let length = match (status(head)?, header(head, "content-length")) {
            // RFC 9110 §15.3.5, §15.4.5: these have no body, whatever they say of its length.
            (204 | 304, _) => 0,
            (_, Some(length)) => length.parse().context("a body's length")?,
            (_, None) => bail!("an answer without a length: {head:?}"),
        };
        let from = end + 4;
        if self.read.len() < from + length {
            return Ok(None);
        }
        let answer = Answer { head: head.to_owned(), body: self.read[from..from + length].to_vec() };
        self.read.drain(..from + length);
        Ok(Some(answer))
    }
}

/// The status in a head.
pub(super) fn status(head: &str) -> Result<u16> {
    let status = head.split(' ').nth(1).and_then(|text| text.get(..3)?.parse().ok());
    status.with_context(|| format!("{head:?} has no status"))
}

/// A header's value; names in any case.
pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_however_the_stream_is_cut() {
        let wire = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHTTP/1.1 204 No Content\r\nX: y\r\n\r\n\
                    HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour";
        for step in 1..=wire.len() {
            let mut answers = Answers::after("");
            let mut found = Vec::new();
            for part in wire.as_bytes().chunks(step) {
                answers.feed(part);
                while let Some(answer) = answers.next().expect("answers") {
                    found.push((status(&answer.head).expect("a status"), answer.body));
                }
            }
            assert_eq!(found, [(200, b"one".to_vec()), (204, Vec::new()), (200, b"four".to_vec())], "{step}");
        }
    }
}
