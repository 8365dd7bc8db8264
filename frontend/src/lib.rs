//! The browser's machine room: brings the page to life, and gives it what `app::ports` asks of a browser.
//!
//! `engine` decides and touches nothing; `feed` carries its decisions out; `paint` draws; `browser` holds the small
//! rest.

#[cfg(feature = "bench")]
pub mod bench;
pub mod engine;

mod browser;
mod chart_picture;
mod feed;
mod lab;
mod lock;
mod notices;
mod paint;
#[cfg(test)]
mod picture;
mod ports;
mod tabs;
mod timer;
#[cfg(test)]
mod transport_clients;

use std::{any::Any, cell::OnceCell};

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
    let ports = ports::ports();
    let app = move || {
        provide_context(Browser::new(ports));
        App()
    };
    if browser::is_as_rendered(&root) {
        keep(hydrate_from(root, app));
    } else {
        // An extension, or the browser's own translation, was here before: what the server has rendered is not to be found any more.
        root.set_text_content(None);
        browser::mark_root("data-afresh", Some(""));
        keep(mount_to(root, app));
    }
}

thread_local! {
    /// The page's view. It lives as long as the document does: dropped, it would take itself away.
    static VIEW: OnceCell<Box<dyn Any>> = const { OnceCell::new() };
}

fn keep(view: impl Any) {
    VIEW.with(|kept| {
        let first = kept.set(Box::new(view)).is_ok();
        debug_assert!(first, "a document is brought to life once");
    });
}
