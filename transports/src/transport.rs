//! A transport as both ends know it.

use crate::{entry::Entry, wire_size::WireSize};

/// A transport. Its folder implements this, `ServerTransport` in its `server.rs` and `ClientTransport` in its `client.rs`; a line
/// in `registry.rs` enters it everywhere.
pub trait Transport {
    /// Its entry in the catalog.
    const ENTRY: &'static Entry;
    /// The size of its frames, for readers who cannot see the bytes.
    const WIRE_SIZE: WireSize;
}
