//! Times to come: one callback each, made once and used again and again.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::Window;

use crate::browser::window;

/// Calls back once at a time that can be moved.
pub(crate) struct Timer {
    callback: Closure<dyn FnMut()>,
    set: Rc<Cell<Option<i32>>>,
}

/// `setTimeout` takes no more.
const LONGEST_MS: f64 = 0x7FFF_FFFF as f64;

impl Timer {
    pub(crate) fn new(mut callback: impl FnMut() + 'static) -> Self {
        let set = Rc::new(Cell::new(None));
        let fired = Rc::clone(&set);
        let callback = Closure::new(move || {
            fired.set(None);
            callback();
        });
        Self { callback, set }
    }

    /// Calls back in so many milliseconds, and not at the time set before; never for `None`.
    pub(crate) fn set(&self, in_ms: Option<f64>) {
        self.clear();
        let Some(in_ms) = in_ms.filter(|ms| ms.is_finite()) else { return };
        let callback = self.callback.as_ref().unchecked_ref();
        let in_ms = in_ms.clamp(0.0, LONGEST_MS).ceil() as i32;
        self.set.set(window().set_timeout_with_callback_and_timeout_and_arguments_0(callback, in_ms).ok());
    }

    /// Returns true if the timer is set.
    pub(crate) fn is_set(&self) -> bool {
        self.set.get().is_some()
    }

    fn clear(&self) {
        if let Some(id) = self.set.take() {
            window().clear_timeout_with_handle(id);
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Calls back again and again until it is dropped.
pub(crate) struct Interval {
    window: Window,
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Interval {
    pub(crate) fn new(ms: i32, callback: impl FnMut() + 'static) -> Self {
        let window = window();
        let callback = Closure::<dyn FnMut()>::new(callback);
        let id = window
            .set_interval_with_callback_and_timeout_and_arguments_0(callback.as_ref().unchecked_ref(), ms)
            .ok();
        Self { window, id, _callback: callback }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.window.clear_interval_with_handle(id);
        }
    }
}

/// Calls back in the next animation frame, if asked to; a hidden page has none.
pub(crate) struct NextFrame {
    callback: Closure<dyn FnMut()>,
    asked: Cell<bool>,
}

impl NextFrame {
    pub(crate) fn new(callback: impl FnMut() + 'static) -> Self {
        Self { callback: Closure::new(callback), asked: Cell::new(false) }
    }

    /// Asking twice before the frame comes is asking once. The callback says [`NextFrame::came`].
    pub(crate) fn ask(&self) {
        if !self.asked.replace(true) {
            let _ = window().request_animation_frame(self.callback.as_ref().unchecked_ref());
        }
    }

    /// The frame that was asked for has come.
    pub(crate) fn came(&self) {
        self.asked.set(false);
    }
}
