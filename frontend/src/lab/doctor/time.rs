//! Waiting, and no longer than that.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::window;

/// What the promise comes to; nothing where it takes longer than so many milliseconds.
pub(super) async fn within(promise: &Promise, ms: u32) -> Option<Result<JsValue, JsValue>> {
    // Held until the race is over, and known by being itself.
    let late = JsValue::symbol(None);
    let over = Promise::new(&mut |resolve, _| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_1(&resolve, ms, &late);
    });
    let first = JsFuture::from(Promise::race(&Array::of2(promise, &over))).await;
    match first {
        Ok(value) if value == late => None,
        other => Some(other),
    }
}
