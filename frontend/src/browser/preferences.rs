//! What the reader chose: in a cookie where the server needs it, else in the browser's storage.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Storage};

use super::{document, window};

/// Keeps a word in a cookie for a year. Names and values are words of ours: they need no escaping.
pub(crate) fn remember(name: &str, value: &str) {
    if let Ok(page) = document().dyn_into::<HtmlDocument>() {
        let _ = page.set_cookie(&format!("{name}={value}; path=/; max-age=31536000; samesite=strict"));
    }
}

/// Keeps a text in this browser, or forgets it. A browser that keeps nothing (private windows) just forgets.
pub(crate) fn keep(name: &str, text: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match text {
            Some(text) => storage.set_item(name, text),
            None => storage.remove_item(name),
        };
    }
}

/// What was kept.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Sets or takes away an attribute of the root element.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// What the server has written on the root element under this name.
pub(crate) fn root_mark(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(&["data-", name].concat())
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
