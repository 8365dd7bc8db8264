//! The other tabs of the browser, as far as a page must know of them that may have none: whether it is the first, and whether
//! another says something. All else comes in a piece, once there are two.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use app::ports::Link;
use transports::browser::{
    ClientConnection, ClientEvent, EventListeners, EventSink, SubscribeRequest, spawn,
};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

use super::Feed;
use crate::{
    engine::Role,
    lock::{Granted, Lock, LockMode},
    tabs,
};

/// Pages of other builds may say other words: a new number for every change of them.
pub(crate) const NAME: &str = "pulseboard.line.1";
/// At most this many messages are kept until the chunk is loaded.
const UNHEARD: usize = 64;

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
    /// To look at which transport is chosen.
    Pin,
}

/// This tab's place among the others.
pub(crate) struct TabCoordinator {
    /// None while the page is put away: the browser keeps no page for the way back that has one.
    channel: RefCell<Option<Channel>>,
    hear: Rc<dyn Fn(String)>,
    /// The lead, or our place among those who wait for it; none while this tab takes no part.
    pub(crate) lead: RefCell<Option<Lock>>,
    others: RefCell<Option<Rc<dyn TabPeers>>>,
    coming: Cell<bool>,
    /// For those who deal with it when they are here.
    unheard: RefCell<Vec<String>>,
    lost: Cell<bool>,
}

/// The channel that all tabs receive. It is closed when it is dropped.
struct Channel {
    channel: BroadcastChannel,
    _ears: EventListeners,
}

impl Channel {
    fn open(hear: Rc<dyn Fn(String)>) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let ears = EventListeners::new(&channel, &["message"], move |event: Event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            if let Some(text) = text {
                hear(text);
            }
        });
        Some(Self { channel, _ears: ears })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
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
            lost: Cell::default(),
        })
    }

    /// Says something to all other tabs.
    pub(crate) fn say(&self, text: &str) {
        if let Some(open) = &*self.channel.borrow() {
            let _ = open.channel.post_message(&text.into());
        }
    }

    pub(super) fn others(&self) -> Option<Rc<dyn TabPeers>> {
        self.others.borrow().clone()
    }
}

impl Feed {
    /// The tab comes to life, or takes part again.
    pub(super) fn take_part(self: &Rc<Self>) {
        self.ask_for_lead(LockMode::IfFree);
    }

    /// Returns true if the tab has the lead, or waits for it.
    pub(crate) fn takes_part(&self) -> bool {
        self.coordinator.as_ref().is_some_and(|coordinator| coordinator.lead.borrow().is_some())
    }

    /// This tab takes no part any more: another leads, or none.
    pub(super) fn step_back(self: &Rc<Self>) {
        let Some(coordinator) = &self.coordinator else { return };
        if let Some(others) = coordinator.others() {
            others.step_back(self);
        }
        coordinator.lead.take();
        self.turn(|engine, now| engine.play(Role::Unknown, now));
    }

    /// Asks for the lead, instead of the place among those who wait that we may have.
    pub(crate) fn ask_for_lead(self: &Rc<Self>, turn: LockMode) {
        let Some(coordinator) = &self.coordinator else { return };
        coordinator.lead.take();
        let feed = Rc::downgrade(self);
        let told = move |granted| {
            if let Some(feed) = feed.upgrade() {
                feed.told_of_lead(granted);
            }
        };
        let lead = Lock::ask(NAME, turn, told);
        let refused = lead.is_none();
        coordinator.lead.replace(lead);
        if refused {
            self.stay_alone();
        }
    }

    /// Nothing can be shared with other tabs: this one has a line of its own.
    fn stay_alone(self: &Rc<Self>) {
        if let Some(coordinator) = &self.coordinator {
            coordinator.lead.take();
        }
        self.turn(|engine, now| engine.play(Role::Leads, now));
    }

    /// The browser puts the page away, and may bring it back as it was: it is kept for the way back only without a line, a lock
    /// and a channel.
    pub(super) fn put_away(self: &Rc<Self>) {
        self.turn(|engine, _| engine.put_away());
        let Some(coordinator) = &self.coordinator else { return };
        if let Some(others) = coordinator.others.take() {
            others.step_back(self);
        }
        coordinator.lead.take();
        coordinator.channel.take();
        coordinator.unheard.take();
    }

    /// It is back.
    pub(super) fn bring_back(self: &Rc<Self>) {
        if let Some(coordinator) = &self.coordinator {
            coordinator.channel.replace(Channel::open(Rc::clone(&coordinator.hear)));
        }
        match self.coordinator {
            _ if self.engine.borrow().is_stopped() => {}
            Some(_) => self.take_part(),
            None => self.stay_alone(),
        }
    }

    fn told_of_lead(self: &Rc<Self>, granted: Granted) {
        let Some(coordinator) = &self.coordinator else { return };
        let ours = granted == Granted::Ours;
        match coordinator.others() {
            _ if granted == Granted::Never => self.stay_alone(),
            Some(others) => others.lead(self, ours),
            None if ours => self.turn(|engine, now| engine.play(Role::Leads, now)),
            None => {
                coordinator.lost.set(true);
                self.bring_others();
            }
        }
    }

    /// Another tab says something.
    pub(super) fn heard(self: &Rc<Self>, text: String) {
        let Some(coordinator) = self.coordinator.as_ref().filter(|_| self.takes_part()) else { return };
        if let Some(others) = coordinator.others() {
            return others.heard(self, &text);
        }
        if coordinator.unheard.borrow().len() < UNHEARD {
            coordinator.unheard.borrow_mut().push(text);
        }
        self.bring_others();
    }

    fn bring_others(self: &Rc<Self>) {
        let is_coming = self.coordinator.as_ref().is_none_or(|coordinator| coordinator.coming.replace(true));
        if is_coming {
            return;
        }
        let feed = Rc::downgrade(self);
        spawn(async move {
            let come = tabs::load(&feed).await;
            let Some(feed) = feed.upgrade() else { return };
            let Some(coordinator) = &feed.coordinator else { return };
            coordinator.coming.set(false);
            let Some(others) = come else {
                // A line of its own is better than none. This tab takes no part: it would ask for the piece at every word.
                return feed.stay_alone();
            };
            coordinator.others.replace(Some(Rc::clone(&others)));
            if coordinator.lost.take() {
                others.lead(&feed, false);
            }
            let unheard = coordinator.unheard.take();
            for text in unheard {
                others.heard(&feed, &text);
            }
        });
    }

    pub(crate) fn others(&self) -> Option<Rc<dyn TabPeers>> {
        self.coordinator.as_ref()?.others()
    }

    pub(super) fn say_to_all(&self, said: TabCommand) {
        if let Some(others) = self.others() {
            others.say(said);
        }
    }
}
