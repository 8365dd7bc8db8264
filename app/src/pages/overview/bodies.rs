//! The bodies of the cards below the first view, as a chunk.

use super::{filesystems, later::Bodies, memory, processes, temperatures};
use crate::{lazy::ChunkContent, widgets::IntoErasedView};

/// The chunk, as the cards call it.
pub(crate) static BODIES: ChunkContent = ChunkContent {
    view: || ().erase(),
    rest: &Bodies {
        memory: memory::body,
        temperatures: temperatures::body,
        filesystems: filesystems::body,
        processes: processes::body,
    },
};
