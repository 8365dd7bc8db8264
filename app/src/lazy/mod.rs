//! Loads chunks of the page when they are needed for the first time: most readers never chat and measure no
//! transports, and the page is live sooner without that code. In a build that leaves the WebAssembly in one piece it
//! is there already. Each chunk is a line in `doors`.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

mod chunk;
mod doors;

pub(crate) use chunk::{ChunkContent, LazyChunk, provide_chunks};
pub(crate) use doors::DOORS;
