//! All transports, for settings, pages, tests and benches.

pub use crate::entry::Entry;
use crate::{registry::registered, transport::Transport, wire_size::WireSize};

macro_rules! catalog {
    ($($transport:ty),+ $(,)?) => {
        /// All transports, the most capable first; clients try them in this order.
        pub const CATALOG: &[&Entry] = &[$(<$transport as Transport>::ENTRY),+];

        /// The sizes of all transports' frames, in the catalog's order.
        pub const WIRE_SIZES: &[WireSize] = &[$(<$transport as Transport>::WIRE_SIZE),+];
    };
}

registered!(catalog);

/// The transport of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    CATALOG.iter().copied().find(|entry| entry.id == id)
}
