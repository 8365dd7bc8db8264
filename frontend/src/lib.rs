//! The browser's machine room: brings the page to life, and gives it what `app::ports` asks of a browser.
//!
//! `engine` decides and touches nothing; `feed` carries its decisions out; `paint` draws; `browser` holds the small
//! rest.

pub mod engine;

mod browser;
#[cfg(test)]
mod ends;
mod feed;
mod lab;
mod paint;
mod ports;
mod timer;

use std::rc::Rc;

use app::{App, ports::Browser};
use leptos::prelude::provide_context;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(browser::tell_crash));
    let ports = Rc::new(ports::Ports::new());
    leptos::mount::hydrate_body(move || {
        provide_context(Browser::new(ports.clone()));
        App()
    });
}
