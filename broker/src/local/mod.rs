//! Parts of logs that one process keeps alone: their order, what they retain, and presence.

mod index;
mod memory;
mod order;
mod presence;

pub use index::{Index, IndexBounds, IndexedEntry, IndexedTopic};
pub use memory::MemoryBroker;
pub use order::{Order, Unannounced};
pub use presence::LocalPresence;
