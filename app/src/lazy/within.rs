//! In one piece with the rest of the page.

use std::future::ready;

use super::{ChunkContent, ChunkFuture};
use crate::{pages, widgets};

pub(crate) fn chat() -> ChunkFuture {
    here(&pages::CHAT)
}

pub(crate) fn lab() -> ChunkFuture {
    here(&pages::LAB)
}

pub(crate) fn finder() -> ChunkFuture {
    here(&widgets::FINDER)
}

pub(crate) fn keys() -> ChunkFuture {
    here(&widgets::KEYS)
}

pub(crate) fn exports() -> ChunkFuture {
    here(&widgets::EXPORTS)
}

pub(crate) fn popovers() -> ChunkFuture {
    here(&widgets::POPOVERS)
}

pub(crate) fn bodies() -> ChunkFuture {
    here(&pages::BODIES)
}

fn here(content: &'static ChunkContent) -> ChunkFuture {
    Box::pin(ready(Some(content)))
}
