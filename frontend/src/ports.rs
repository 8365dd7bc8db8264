//! Implements `app::ports` for a browser, with the other modules of this crate.

use std::{any::Any, rc::Rc};

use app::ports::{
    BrowserPorts, ChartCanvas, FetchError, Key, LabPorts, Link, LocalFuture, Notice, Picture, SendOutcome,
};
use common::{
    ClientMessage, MessageId, Topic,
    frame::Event,
    history::History,
    host::{HostId, HostSnapshot},
};
use leptos::{prelude::ReadSignal, web_sys::HtmlCanvasElement};
use transports::{browser::EventListeners, catalog::CATALOG};

use crate::{browser, feed::Feed, lab, paint::Painter, timer::Interval};

pub(crate) struct Ports {
    feed: Rc<Feed>,
    painter: Rc<Painter>,
}

impl Ports {
    pub(crate) fn new() -> Self {
        Self { feed: Feed::new(), painter: Painter::new() }
    }
}

impl BrowserPorts for Ports {
    fn link(&self) -> ReadSignal<Link> {
        self.feed.link()
    }

    fn on_notice(&self, tell: Box<dyn Fn(Notice)>) {
        // The page's first listener is there before the chat's, and tells it to its reader.
        if browser::is_language_lost() {
            tell(Notice::NotKept);
        }
        self.feed.on_notice(tell);
    }

    fn connect(&self) {
        self.feed.connect();
    }

    fn disconnect(&self) {
        self.feed.disconnect();
    }

    fn retry_now(&self) {
        self.feed.retry();
    }

    fn pin_transport(&self, id: Option<&'static str>) {
        self.feed.pin(id);
    }

    fn transports(&self) -> Vec<(&'static str, &'static str)> {
        CATALOG.iter().map(|entry| (entry.id, entry.name)).collect()
    }

    fn watch(&self, topic: Topic, cadence_ms: Option<u32>, receive: Box<dyn Fn(&Event)>) -> Box<dyn Any> {
        Box::new(self.feed.watch(topic, cadence_ms, receive))
    }

    fn send(&self, message: ClientMessage, told: Box<dyn Fn(SendOutcome)>) -> Box<dyn Any> {
        Box::new(self.feed.send(message, told))
    }

    fn new_message_id(&self) -> MessageId {
        browser::new_message_id()
    }

    fn keep(&self, name: &'static str, text: Option<&str>) {
        let _ = browser::keep(name, text);
    }

    fn kept(&self, name: &'static str) -> Option<String> {
        browser::kept(name)
    }

    fn canvas(&self, canvas: HtmlCanvasElement) -> Box<dyn ChartCanvas> {
        Box::new(self.painter.take_care(canvas))
    }

    fn history(&self, host: &HostId, since: u64) -> LocalFuture<Result<History, FetchError>> {
        let address = format!("/api/v1/hosts/{host}/history?since={since}");
        Box::pin(async move { browser::get(&address).await })
    }

    fn host(&self, host: &HostId) -> LocalFuture<Result<HostSnapshot, FetchError>> {
        let address = format!("/api/v1/hosts/{host}");
        Box::pin(async move { browser::get(&address).await })
    }

    fn now(&self) -> f64 {
        browser::now()
    }

    fn zone_minutes(&self, at_ms: f64) -> i32 {
        -(js_sys::Date::new(&at_ms.into()).get_timezone_offset() as i32)
    }

    fn every_second(&self, tick: Box<dyn Fn()>) -> Box<dyn Any> {
        Box::new(Interval::new(1000, move || {
            if browser::is_shown() {
                tick();
            }
        }))
    }

    fn is_shown(&self) -> bool {
        browser::is_shown()
    }

    fn on_key(&self, hear: Box<dyn Fn(Key) -> bool>) -> Box<dyn Any> {
        Box::new(EventListeners::new(&browser::document(), &["keydown"], move |event| {
            if browser::read_key(&event).is_some_and(&hear) {
                event.prevent_default();
            }
        }))
    }

    fn remember(&self, name: &'static str, value: &str) -> bool {
        browser::remember(name, value)
    }

    fn mark_root(&self, name: &'static str, value: Option<&str>) {
        browser::mark_root(name, value);
        self.painter.repaint_all();
    }

    fn choose_language(&self, tag: &'static str) {
        browser::choose_language(tag);
    }

    fn save_text(&self, file_name: &str, mime: &str, text: &str) {
        browser::save_text(file_name, mime, text);
    }

    fn save_picture(&self, file_name: &str, canvas: &HtmlCanvasElement, picture: &Picture) {
        let token = |name, otherwise: &str| Painter::token(name).unwrap_or_else(|| otherwise.to_owned());
        let colors = [("--card", "#ffffff"), ("--text", "#0f172a"), ("--text-muted", "#55637a")];
        browser::save_picture(
            file_name,
            canvas,
            picture,
            colors.map(|(name, otherwise)| token(name, otherwise)),
        );
    }

    fn laboratory(&self) -> LocalFuture<Option<Rc<dyn LabPorts>>> {
        Box::pin(lab::load())
    }
}
