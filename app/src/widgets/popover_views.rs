//! The contents of the views that open above the page, as a chunk.

use super::{
    connection::connection,
    erased_view::IntoErasedView,
    items::items,
    notices::{notices, toast},
    popovers::Popovers,
    sent_notices::begin,
};
use crate::lazy::ChunkContent;

/// The chunk, as the page calls it.
pub(crate) static POPOVERS: ChunkContent =
    ChunkContent { view: || ().erase(), rest: &Popovers { connection, notices, menu: items, toast, begin } };
