//! Server-Sent Events, as this server writes them, read from a `fetch`: an `EventSource` cannot carry a credential.

/// A block that is longer than this is none of the server's, bytes.
const LONGEST: usize = 64 * 1024;

/// The text that has come and is no whole block yet.
#[derive(Debug, Default)]
pub(super) struct EventBlocks(String);

/// The bytes are no stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

impl EventBlocks {
    /// Takes the next piece, and tells the name (empty without one) and the data of each event that is whole now.
    ///
    /// # Errors
    /// When a block does not end.
    pub(super) fn read(&mut self, piece: &str, mut tell: impl FnMut(&str, &str)) -> Result<(), TooLong> {
        self.0.push_str(piece);
        let mut read = 0;
        while let Some(length) = self.0[read..].find("\n\n") {
            let (mut name, mut data) = ("", None);
            for line in self.0[read..read + length].lines() {
                match line.split_once(": ") {
                    Some(("event", value)) => name = value,
                    Some(("data", value)) => data = Some(value),
                    _ => {}
                }
            }
            if let Some(data) = data {
                tell(name, data);
            }
            read += length + 2;
        }
        self.0.drain(..read);
        if self.0.len() > LONGEST { Err(TooLong) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn events_are_read_however_they_are_cut() {
        let text = ": from now on\n\ndata: {\"a\":1}\n\n:\n\nevent: missed\ndata: {\"count\":3}\n\nevent: ended\ndata: {}\n\n";
        for size in 1..text.len() {
            let (mut blocks, mut told) = (EventBlocks::default(), Vec::new());
            for piece in text.as_bytes().chunks(size) {
                let piece = str::from_utf8(piece).expect("it is ASCII");
                let tell = |name: &str, data: &str| told.push(format!("{name} {data}"));
                blocks.read(piece, tell).expect("short");
            }
            assert_eq!(told, [" {\"a\":1}", "missed {\"count\":3}", "ended {}"], "{size}");
        }
        let mut blocks = EventBlocks::default();
        assert_eq!(blocks.read(&"x".repeat(LONGEST + 1), |_, _| ()), Err(TooLong));
    }
}
