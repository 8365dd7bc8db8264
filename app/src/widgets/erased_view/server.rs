//! On the server size does not matter: Leptos' own erased view, which can be streamed.

use leptos::prelude::*;

use crate::widgets::skeleton::coming;

/// A view of any make.
pub(crate) type ErasedView = AnyView;

pub(super) fn erase(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

pub(super) fn fresh(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

pub(super) fn patched_fresh(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

pub(super) fn patched(view: impl IntoView + 'static) -> ErasedView {
    view.into_any()
}

/// The server renders what it has.
pub(super) fn as_rendered(class: &'static str) -> ErasedView {
    coming(class)
}

/// A text that changes, or an attribute.
pub(crate) type Changing = String;

pub(super) const fn changing(text: String) -> Changing {
    text
}
