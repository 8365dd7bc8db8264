//! On the server size does not matter: Leptos' own erased view, which can be streamed.

use leptos::prelude::*;

/// A view of any make.
pub(crate) type ErasedView = AnyView;

pub(super) fn erase(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

pub(super) fn fresh(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

pub(super) fn patched(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

/// A text that changes, or an attribute.
pub(crate) type Changing = String;

pub(super) const fn changing(text: String) -> Changing {
    text
}
