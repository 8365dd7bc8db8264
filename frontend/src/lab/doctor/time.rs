//! Waiting, and no longer than that; and how long the page itself kept us waiting.

use std::{cell::Cell, rc::Rc};

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{browser::window, lab::moment, timer::Interval};

/// Resolves the promise; nothing if it takes longer than this many milliseconds.
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

/// Notes for how long the page does not run.
pub(super) struct StallMeter {
    longest: Rc<Cell<f64>>,
    last: Rc<Cell<f64>>,
    _looking: Interval,
}

/// The timer looks this often.
const LOOK_MS: i32 = 100;

impl StallMeter {
    pub(super) fn new() -> Self {
        let (longest, last) = (Rc::new(Cell::new(0.0)), Rc::new(Cell::new(moment::now())));
        let (longest_yet, before) = (Rc::clone(&longest), Rc::clone(&last));
        let looking = Interval::new(LOOK_MS, move || {
            let now = moment::now();
            longest_yet.set(f64::max(longest_yet.get(), late(before.replace(now), now)));
        });
        Self { longest, last, _looking: looking }
    }

    /// The longest time so far, milliseconds.
    pub(super) fn longest_stall(&self) -> f64 {
        f64::max(self.longest.get(), late(self.last.get(), moment::now()))
    }
}

/// By how much the next look is late.
fn late(last: f64, now: f64) -> f64 {
    (now - last - f64::from(LOOK_MS)).max(0.0)
}
