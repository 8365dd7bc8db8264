//! Waiting a while.

use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

use super::EventListeners;

/// Reports that somebody can see the page.
pub(crate) fn is_shown() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
}

/// Waits so many milliseconds, or until the page is shown: a reader who comes back to it wants news.
pub(crate) async fn pause(ms: i32) {
    let Some(window) = web_sys::window() else { return };
    let mut shown = None;
    let over = Promise::new(&mut |resolve, _| {
        // A browser that sets no timer says so at once; the promise is then over when the page is shown.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        shown = window.document().map(|document| {
            EventListeners::new(&document, &["visibilitychange"], move |_| {
                if is_shown() {
                    let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
                }
            })
        });
    });
    let _ = JsFuture::from(over).await;
}
