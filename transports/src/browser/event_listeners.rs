//! Listening to an object of the browser's for as long as we live.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Event, EventTarget};

/// One handler for several kinds of event. Dropping it removes the listeners.
pub struct EventListeners {
    target: EventTarget,
    kinds: &'static [&'static str],
    handler: Closure<dyn FnMut(Event)>,
}

impl EventListeners {
    /// Listens to these kinds of event of `target`.
    pub fn new(
        target: &EventTarget,
        kinds: &'static [&'static str],
        listener: impl FnMut(Event) + 'static,
    ) -> Self {
        let handler = Closure::new(listener);
        for kind in kinds {
            // Adding a listener fails for no event target there is.
            let _ = target.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
        }
        Self { target: target.clone(), kinds, handler }
    }
}

impl Drop for EventListeners {
    fn drop(&mut self) {
        for kind in self.kinds {
            let handler = self.handler.as_ref().unchecked_ref();
            let _ = self.target.remove_event_listener_with_callback(kind, handler);
        }
    }
}
