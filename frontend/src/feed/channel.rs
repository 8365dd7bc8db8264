//! The channel between the tabs of a browser.

use std::rc::Rc;

use transports::browser::EventListeners;
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

use crate::browser::readers_name;

/// Pages of other builds may say other words: a new number for every change of them.
pub(crate) const NAME: &str = "pulseboard.line.2";

/// The channel that all tabs receive. It is closed when it is dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _ears: EventListeners,
}

impl Channel {
    /// `None` if the browser has no such channels.
    pub(super) fn open(hear: Rc<dyn Fn(String)>) -> Option<Self> {
        let channel = BroadcastChannel::new(&readers_name(NAME)).ok()?;
        let ears = EventListeners::new(&channel, &["message"], move |event: Event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            if let Some(text) = text {
                hear(text);
            }
        });
        Some(Self { channel, _ears: ears })
    }

    /// Says something to all other tabs.
    pub(super) fn say(&self, text: &str) {
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}
