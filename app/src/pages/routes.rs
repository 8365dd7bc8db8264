//! The page at an address that is not the first page's.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{lab, not_found::NotFound};
use crate::widgets::{IntoErasedView, either};

#[component]
pub(crate) fn Elsewhere() -> impl IntoView {
    let path = use_location().pathname;
    let is_lab = move || path.with(|path| lab::has(path));
    either(is_lab, lab::page, || view! { <NotFound /> }.erase()).erase()
}
