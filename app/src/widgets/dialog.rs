//! A window above the page. The browser's own `<dialog>` keeps the focus inside, closes on Esc and gives the focus back.

use leptos::{prelude::*, web_sys::HtmlDialogElement};

use super::erased_view::{ElementRef, ErasedView, IntoErasedView, change, when};
use crate::live::{Cell, effect};

/// A modal dialog that follows a signal.
#[component]
pub(crate) fn Dialog(
    /// True if the dialog is open.
    open: Cell<bool>,
    /// For the stylesheet.
    class: &'static str,
    /// Its name.
    label: &'static str,
    /// Renders the contents of the open dialog.
    body: fn() -> ErasedView,
) -> impl IntoView {
    let dialog = ElementRef::new();
    effect(move || {
        let (Some(dialog), wanted) = (dialog.get::<HtmlDialogElement>(), open.get()) else { return };
        if wanted && !dialog.open() {
            // Refused only where the element is not in the document; then nobody can see it either.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    // A click on the backdrop is a click on the element itself: its padding is nil, its content covers it.
    let on_backdrop = move |event: leptos::ev::MouseEvent| {
        if event.target().as_ref() == event.current_target().as_ref() {
            open.set(false);
        }
    };
    // A browser tells of the end when it has nothing more urgent: keys that are pressed before are for the page, which may
    // have opened the dialog again by then. Esc is told at once, and leads to the same end.
    let on_close = move || {
        if dialog.peek::<HtmlDialogElement>().is_some_and(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    view! {
        <dialog
            class=class
            node_ref=dialog
            aria-label=label
            on:cancel=change(move || open.set(false))
            on:close=change(on_close)
            on:click=on_backdrop
        >
            <div class="dialog__body">{when(move || open.get(), body)}</div>
        </dialog>
    }
    .erase()
}
