//! Attributes of the root element, by which the server, the page and its styles tell each other something.

use super::document;

/// Sets or takes away an attribute of the root element.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Reads an attribute that the server has written on the root element.
pub(crate) fn root_mark(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(&["data-", name].concat())
}
