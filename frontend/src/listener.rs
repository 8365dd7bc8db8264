//! Listening to an object of the browser's for as long as we live.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Event, EventTarget};

/// One handler for some kinds of event, taken off when dropped.
pub(crate) struct Listener {
    target: EventTarget,
    kinds: &'static [&'static str],
    handler: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(crate) fn new(
        target: &EventTarget,
        kinds: &'static [&'static str],
        hear: impl FnMut(Event) + 'static,
    ) -> Self {
        let handler = Closure::new(hear);
        for kind in kinds {
            let _ = target.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
        }
        Self { target: target.clone(), kinds, handler }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for kind in self.kinds {
            let handler = self.handler.as_ref().unchecked_ref();
            let _ = self.target.remove_event_listener_with_callback(kind, handler);
        }
    }
}
