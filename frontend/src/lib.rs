//! The browser's machine room: brings the page to life, and gives it what `app::ports` asks of a browser.
//!
//! `engine` decides and touches nothing; `feed` carries its decisions out; `paint` draws; `browser` holds the small
//! rest.

#[cfg(feature = "bench")]
pub mod bench;
pub mod engine;

mod browser;
#[cfg(test)]
mod ends;
mod feed;
mod lab;
mod lock;
mod paint;
#[cfg(test)]
mod painted;
mod ports;
mod tabs;
mod timer;

use std::rc::Rc;

use app::{App, ports::Browser};
use leptos::{
    mount::{hydrate_from, mount_to},
    prelude::provide_context,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(browser::tell_crash));
    let Some(root) = browser::root() else { return };
    let ports = Rc::new(ports::Ports::new());
    let app = move || {
        provide_context(Browser::new(ports));
        App()
    };
    if browser::is_as_rendered(&root) {
        hydrate_from(root, app).forget();
    } else {
        // An extension, or the browser's own translation, was here before: what the server has rendered is not to be found any more.
        root.set_text_content(None);
        browser::mark_root("data-afresh", Some(""));
        mount_to(root, app).forget();
    }
}
