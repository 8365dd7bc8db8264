//! The bodies of the cards below the first view, as a chunk.

use super::{instances, later::Bodies, processes, shares, usage, values};
use crate::{lazy::ChunkContent, widgets::IntoErasedView};

/// The chunk, as the cards call it.
pub(crate) static BODIES: ChunkContent = ChunkContent {
    view: || ().erase(),
    rest: &Bodies {
        instances: instances::body,
        shares: shares::body,
        usage: usage::body,
        values: values::body,
        processes: processes::body,
    },
};
