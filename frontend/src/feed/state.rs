//! The state of the page's connection, and of the other tabs that share it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use app::ports::{Link, Notice, SendOutcome};
use common::{MessageId, Topic, frame::Event};
use leptos::prelude::{ReadSignal, WriteSignal};
use transports::{
    browser::{ClientConnection, ClientEvent, EventListeners, EventSink, SubscribeRequest},
    catalog::Entry,
};

use super::channel::Channel;
use crate::{
    engine::Engine,
    lock::Lock,
    timer::{NextFrame, Timer},
};

/// The page's connection.
pub(crate) struct Feed {
    pub(crate) engine: RefCell<Engine>,
    pub(super) line: ConnectionHandle,
    /// Another one, that is only being tried.
    pub(super) trial: ConnectionHandle,
    pub(super) watchers: RefCell<Vec<Watcher>>,
    pub(super) next_watcher: Cell<u64>,
    pub(super) inbox: RefCell<Vec<Event>>,
    pub(super) notice_handlers: RefCell<Vec<NoticeHandler>>,
    pub(super) senders: RefCell<Vec<PendingSend>>,
    pub(super) next_sender: Cell<u64>,
    pub(super) probing: Cell<bool>,
    /// True if the browser has put the page away.
    pub(super) away: Cell<bool>,
    pub(super) link: (ReadSignal<Link>, WriteSignal<Link>),
    /// The browser's other tabs; none where each has to have a line of its own.
    pub(crate) coordinator: Option<TabCoordinator>,
    pub(super) due: Timer,
    pub(super) due_at: Cell<f64>,
    /// Changes of one moment (a page that mounts ten cards) are settled together.
    pub(crate) settle: Timer,
    pub(super) frame: NextFrame,
    pub(super) _listeners: [EventListeners; 3],
}

/// A connection, and the number of connections before it: events of an earlier one are ignored.
#[derive(Default)]
pub(super) struct ConnectionHandle {
    pub(super) line: RefCell<Option<Box<dyn ClientConnection>>>,
    pub(super) generation: Cell<u64>,
}

impl ConnectionHandle {
    pub(super) fn hang_up(&self) {
        self.generation.set(self.generation.get() + 1);
        self.line.take();
    }
}

pub(super) struct Watcher {
    pub(super) id: u64,
    pub(super) topic: Topic,
    pub(super) cadence_ms: Option<u32>,
    pub(super) receive: Rc<dyn Fn(&Event)>,
}

pub(super) type NoticeHandler = Rc<dyn Fn(Notice)>;

/// Someone who waits to hear what became of a message.
pub(super) struct PendingSend {
    pub(super) number: u64,
    pub(super) id: MessageId,
    pub(super) told: Box<dyn Fn(SendOutcome)>,
}

/// The coordination with other tabs.
pub(crate) trait TabPeers {
    /// One of them says something.
    fn heard(&self, feed: &Rc<Feed>, text: &str);
    /// The lead is ours, or was not free, or is taken from us.
    fn lead(&self, feed: &Rc<Feed>, ours: bool);
    /// This tab no longer takes part.
    fn step_back(&self, feed: &Feed);
    /// After every turn of the engine, and whether the line looks different since.
    fn turned(&self, feed: &Feed, link_changed: bool);
    /// Our line says something.
    fn pass_on(&self, feed: &Feed, heard: &ClientEvent);
    /// Opens a line to the tab that leads.
    fn open(&self, feed: &Rc<Feed>, ask: &SubscribeRequest, ear: EventSink) -> Box<dyn ClientConnection>;
    /// The line as people are to see it.
    fn shown(&self, feed: &Feed, own: Link) -> Link;
    /// The reader has asked for something that holds for all tabs.
    fn say(&self, said: TabCommand);
}

/// A reader's command to all tabs.
#[derive(Clone, Copy)]
pub(crate) enum TabCommand {
    /// Not to wait before the next attempt.
    Retry,
    /// To use this transport, or to leave the choice to the page.
    Pin(Option<&'static Entry>),
}

/// This tab's place among the others.
pub(crate) struct TabCoordinator {
    /// None while the page is put away: the browser keeps no page for the way back that has one.
    pub(super) channel: RefCell<Option<Channel>>,
    pub(super) hear: Rc<dyn Fn(String)>,
    /// The lead, or our place among those who wait for it; none while this tab takes no part.
    pub(crate) lead: RefCell<Option<Lock>>,
    pub(super) others: RefCell<Option<Rc<dyn TabPeers>>>,
    pub(super) coming: Cell<bool>,
    /// For those who deal with it when they are here.
    pub(super) unheard: RefCell<Vec<String>>,
    /// The reader's last command, for the others to be told when the chunk is here.
    pub(super) unsaid: Cell<Option<TabCommand>>,
    pub(super) lost: Cell<bool>,
}

impl TabCoordinator {
    /// `None` in a browser whose tabs cannot know of each other.
    pub(super) fn open(hear: impl Fn(String) + 'static) -> Option<Self> {
        if !Lock::exists() {
            return None;
        }
        let hear: Rc<dyn Fn(String)> = Rc::new(hear);
        let channel = Channel::open(Rc::clone(&hear))?;
        Some(Self {
            channel: RefCell::new(Some(channel)),
            hear,
            lead: RefCell::default(),
            others: RefCell::default(),
            coming: Cell::default(),
            unheard: RefCell::default(),
            unsaid: Cell::default(),
            lost: Cell::default(),
        })
    }

    /// Says something to all other tabs.
    pub(crate) fn say(&self, text: &str) {
        if let Some(open) = &*self.channel.borrow() {
            open.say(text);
        }
    }

    pub(super) fn others(&self) -> Option<Rc<dyn TabPeers>> {
        self.others.borrow().clone()
    }
}
