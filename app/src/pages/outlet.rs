//! The page at an address.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{not_found::NotFound, routes};
use crate::{
    first_paint,
    widgets::{ErasedView, IntoErasedView, either},
};

/// The page at an address that is not the first page's: the router has a route for that one.
#[component]
pub(crate) fn Outlet() -> impl IntoView {
    at(use_location().pathname, 1)
}

/// The page that comes at this place of the registry or later. It is built anew only where another one is asked for.
fn at(path: Memo<String>, place: usize) -> ErasedView {
    match routes().nth(place) {
        Some(route) => {
            let is_here = move || path.with(|path| route.paths.contains(&first_paint::own(path)));
            either(is_here, route.view, move || at(path, place + 1)).erase()
        }
        None => view! { <NotFound /> }.erase(),
    }
}
