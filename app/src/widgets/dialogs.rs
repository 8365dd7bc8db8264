//! The contents of the dialogs. It comes when one is opened for the first time.

use leptos::prelude::*;

use super::{
    erased_view::{ErasedView, IntoErasedView},
    finder::answers,
    shortcuts::keys,
};
use crate::{
    i18n::Words,
    lazy::{ChunkContent, LazyChunk},
};

pub(crate) static FINDER: ChunkContent = ChunkContent { view: answers, rest: &() };
pub(crate) static KEYS: ChunkContent = ChunkContent { view: keys, rest: &() };

/// A dialog's piece, or what is to be said as long as it is not there.
pub(super) fn body(piece: LazyChunk) -> ErasedView {
    piece.fetch(Box::new(|_| ()));
    piece.view(coming, LazyChunk::missing).fresh()
}

fn coming() -> ErasedView {
    view! { <p class="dialog__arrival" role="status">{Words::here().loading} "…"</p> }.fresh()
}
