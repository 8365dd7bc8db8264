//! A reference to an element of the document.

use leptos::{
    html::ElementType, tachys::html::node_ref::NodeRefContainer, wasm_bindgen::JsCast, web_sys::Element,
};
use send_wrapper::SendWrapper;

use crate::live::Cell;

/// A reference to an element, for `node_ref`; one type for elements of every kind.
#[derive(Clone, Copy)]
pub(crate) struct ElementRef(Cell<Option<SendWrapper<Element>>>);

impl ElementRef {
    pub(crate) fn new() -> Self {
        Self(Cell::new(None))
    }

    /// The element, tracked. `T` is what it is known to be.
    pub(crate) fn get<T: JsCast>(self) -> Option<T> {
        self.0.get().map(|element| element.take().unchecked_into())
    }

    /// Returns the element, untracked.
    pub(crate) fn peek<T: JsCast>(self) -> Option<T> {
        self.0.peek().map(|element| element.take().unchecked_into())
    }

    /// Watches for the element.
    pub(crate) fn track(self) {
        self.0.track();
    }
}

impl<E: ElementType> NodeRefContainer<E> for ElementRef {
    fn load(self, element: &Element) {
        self.0.set(Some(SendWrapper::new(element.clone())));
    }
}
