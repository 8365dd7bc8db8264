//! The body of a dialog whose contents come when it is opened for the first time.

use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView};
use crate::{i18n::Words, lazy::LazyChunk};

/// Renders a dialog's chunk, or a message until it is loaded.
pub(super) fn body(piece: LazyChunk) -> ErasedView {
    piece.fetch(Box::new(|_| ()));
    piece.view(coming, LazyChunk::missing).fresh()
}

fn coming() -> ErasedView {
    view! { <p class="dialog__arrival" role="status">{Words::here().loading} "…"</p> }.fresh()
}
