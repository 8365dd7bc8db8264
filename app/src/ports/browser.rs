//! The browser, as one context.

use std::{ops::Deref, rc::Rc};

use send_wrapper::SendWrapper;

use super::{
    CanvasPort, ClockPort, FilePort, KeyPort, LabPorts, LinkPort, LocalFuture, MessagePort, NoticePort,
    PreferencePort, RequestPort, StoragePort,
};

/// The browser's side, provided as context by `frontend` before hydration; absent on the server.
#[derive(Clone)]
pub struct Browser(SendWrapper<&'static BrowserPorts>);

/// The ports of a browser. A part of the page names the ports that it uses.
pub struct BrowserPorts {
    /// The page's connection.
    pub link: Box<dyn LinkPort>,
    /// Topics.
    pub messages: Box<dyn MessagePort>,
    /// Kept texts.
    pub storage: Box<dyn StoragePort>,
    /// Kept preferences.
    pub preferences: Box<dyn PreferencePort>,
    /// The clock.
    pub clock: Box<dyn ClockPort>,
    /// The painter.
    pub canvases: Box<dyn CanvasPort>,
    /// Plain requests.
    pub requests: Box<dyn RequestPort>,
    /// The keyboard.
    pub keys: Box<dyn KeyPort>,
    /// Files.
    pub files: Box<dyn FilePort>,
    /// Loads the lab's interface, which is a lazy chunk; nothing if it cannot be loaded.
    pub laboratory: fn() -> LocalFuture<Option<Rc<dyn LabPorts>>>,
    /// Loads what reads notices, in the chunk that shows them; nothing if it cannot be loaded.
    pub notices: fn() -> LocalFuture<Option<Rc<dyn NoticePort>>>,
}

impl Browser {
    /// Wraps the browser's ports for use as context. A page has them until it is closed: they are never dropped.
    #[must_use]
    pub fn new(ports: BrowserPorts) -> Self {
        Self(SendWrapper::new(Box::leak(Box::new(ports))))
    }
}

impl Deref for Browser {
    type Target = BrowserPorts;

    fn deref(&self) -> &BrowserPorts {
        &self.0
    }
}
