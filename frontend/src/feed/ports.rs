//! The page's connection and its topics, for pages.

use std::{any::Any, rc::Rc};

use app::ports::{Link, LinkPort, MessagePort, Notice, SendOutcome};
use common::{ClientMessage, MessageId, Topic, frame::Event};
use leptos::prelude::ReadSignal;
use transports::catalog::CATALOG;

use super::Feed;
use crate::browser;

/// A feed that pages use.
#[derive(Clone)]
pub(crate) struct FeedPorts(Rc<Feed>);

impl FeedPorts {
    pub(crate) fn new() -> Self {
        Self(Feed::new())
    }
}

impl LinkPort for FeedPorts {
    fn link(&self) -> ReadSignal<Link> {
        self.0.link()
    }

    fn on_notice(&self, tell: Box<dyn Fn(Notice)>) {
        // The page's first listener is there before the chat's, and tells it to its reader.
        if browser::is_language_lost() {
            tell(Notice::NotKept);
        }
        self.0.on_notice(tell);
    }

    fn connect(&self) {
        self.0.connect();
    }

    fn disconnect(&self) {
        self.0.disconnect();
    }

    fn retry_now(&self) {
        self.0.retry();
    }

    fn pin_transport(&self, id: Option<&'static str>) {
        self.0.pin(id);
    }

    fn transports(&self) -> Vec<(&'static str, &'static str)> {
        CATALOG.iter().map(|entry| (entry.id, entry.name)).collect()
    }
}

impl MessagePort for FeedPorts {
    fn watch(&self, topic: Topic, cadence_ms: Option<u32>, receive: Box<dyn Fn(&Event)>) -> Box<dyn Any> {
        Box::new(self.0.watch(topic, cadence_ms, receive))
    }

    fn send(&self, message: ClientMessage, told: Box<dyn Fn(SendOutcome)>) -> Box<dyn Any> {
        Box::new(self.0.send(message, told))
    }

    fn new_message_id(&self) -> MessageId {
        browser::new_message_id()
    }
}
