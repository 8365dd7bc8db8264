//! The small things of a browser: its window, its clock, keys, files, names, preferences and plain requests.

mod crash;
mod fetch;
mod files;
mod keys;
mod names;
mod own_name;
mod ports;
mod preferences;
mod root_marks;
mod shape;

pub(crate) use crash::report as tell_crash;
pub(crate) use fetch::{delete_authorized, get, get_authorized, post, preflight, reach, text, unready};
pub(crate) use files::{download, save_text};
pub(crate) use keys::read as read_key;
pub(crate) use names::{new_message_id, page_name};
pub(crate) use own_name::readers_name;
pub(crate) use ports::ThisBrowser;
pub(crate) use preferences::{
    choose_language, is_language_lost, keep, keep_for_tab, kept, kept_for_tab, reload, remember,
};
pub(crate) use root_marks::{mark_root, root_mark};
pub(crate) use shape::{is_as_rendered, root};

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlCanvasElement, Window};

/// The window: a page always has one.
pub(crate) fn window() -> Window {
    web_sys::window().expect("this runs in a page, and a page has a window")
}

/// The document: a window always has one.
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// A canvas that is in no document yet.
pub(crate) fn new_canvas() -> HtmlCanvasElement {
    document().create_element("canvas").expect("an element").unchecked_into()
}

/// Milliseconds since 1970.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// Returns true if the page is visible.
pub(crate) fn is_shown() -> bool {
    !document().hidden()
}
