//! The shape of a document: which nodes stand in which. The server writes the digest of what it has rendered into the page, and the
//! browser compares it with what it finds there. Where an extension has put something of its own in between, they differ.

/// A digest of the nodes under a root, in document order: 32-bit FNV-1a over their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(u32);

/// A text's name in the DOM (`Node.nodeName`).
pub const TEXT: &str = "#text";
/// A comment's name in the DOM.
pub const COMMENT: &str = "#comment";

const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

impl Shape {
    /// Digests nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OFFSET)
    }

    /// Begins a node. The DOM names HTML's elements in capitals, and the server writes them in small letters.
    pub fn open(&mut self, name: &str) {
        for byte in name.bytes() {
            self.add(byte | 0x20);
        }
    }

    /// The node that was opened last, and is still open, ends.
    pub fn close(&mut self) {
        self.add(b'/');
    }

    /// Returns the digest of the nodes so far.
    #[must_use]
    pub const fn digest(self) -> u32 {
        self.0
    }

    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(PRIME);
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nodes: &[&str]) -> u32 {
        let mut shape = Shape::new();
        for node in nodes {
            if *node == "/" { shape.close() } else { shape.open(node) }
        }
        shape.digest()
    }

    #[test]
    fn what_stands_elsewhere_or_in_something_else_has_another_digest() {
        let page = of(&["main", "p", TEXT, "/", "/", "/"]);
        assert_eq!(page, of(&["MAIN", "P", TEXT, "/", "/", "/"]), "the case of a name is the reader's");
        for other in [
            &["main", "p", "/", TEXT, "/", "/"][..],
            &["main", "div", "/", "p", TEXT, "/", "/", "/"],
            &["main", "p", "font", TEXT, "/", "/", "/", "/"],
            &["main", "p", COMMENT, "/", "/", "/"],
        ] {
            assert_ne!(page, of(other), "{other:?}");
        }
    }
}
