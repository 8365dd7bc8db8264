//! What the reader chose: in a cookie where the server needs it, else in the browser's storage.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDocument, Storage};

use super::{document, window};

/// Keeps a word in a cookie for a year. Names and values are words of ours: they need no escaping.
pub(crate) fn remember(name: &str, value: &str) {
    if let Ok(page) = document().dyn_into::<HtmlDocument>() {
        let _ = page.set_cookie(&format!("{name}={value}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// Keeps a text in this browser, or forgets it. A browser that keeps nothing (private windows) just forgets.
pub(crate) fn keep(name: &str, text: Option<&str>) {
    put(window().local_storage(), name, text);
}

/// What was kept.
pub(crate) fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a text for as long as this tab lives, or forgets it.
pub(crate) fn keep_for_tab(name: &str, text: Option<&str>) {
    put(window().session_storage(), name, text);
}

/// What was kept for this tab.
pub(crate) fn kept_for_tab(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
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

/// Where the browser blocks site data there is no storage: then nothing is kept.
fn put(storage: Result<Option<Storage>, JsValue>, name: &str, text: Option<&str>) {
    if let Ok(Some(storage)) = storage {
        let _ = match text {
            Some(text) => storage.set_item(name, text),
            None => storage.remove_item(name),
        };
    }
}
