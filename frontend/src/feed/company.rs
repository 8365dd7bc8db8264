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
    lock::{Granted, Lock, Turn},
    tabs,
};

/// Pages of other builds may say other words: a new number for every change of them.
pub(crate) const NAME: &str = "pulseboard.line.1";
/// What is said before the piece is there.
const UNHEARD: usize = 64;

/// What deals with other tabs.
pub(crate) trait Others {
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
    fn say(&self, said: Said);
}

/// What a reader asks of all tabs.
#[derive(Clone, Copy)]
pub(crate) enum Said {
    /// Not to wait before the next attempt.
    Retry,
    /// To look at which transport is chosen.
    Pin,
}

/// This tab's place among the others.
pub(crate) struct Company {
    /// None while the page is put away: the browser keeps no page for the way back that has one.
    channel: RefCell<Option<Channel>>,
    hear: Rc<dyn Fn(String)>,
    /// The lead, or our place among those who wait for it; none while this tab takes no part.
    pub(crate) lead: RefCell<Option<Lock>>,
    others: RefCell<Option<Rc<dyn Others>>>,
    coming: Cell<bool>,
    /// For those who deal with it when they are here.
    unheard: RefCell<Vec<String>>,
    lost: Cell<bool>,
}

/// What all tabs hear. It is closed when it is dropped.
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

impl Company {
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

    pub(super) fn others(&self) -> Option<Rc<dyn Others>> {
        self.others.borrow().clone()
    }
}

impl Feed {
    /// The tab comes to life, or takes part again.
    pub(super) fn take_part(self: &Rc<Self>) {
        self.ask_for_lead(Turn::IfFree);
    }

    /// Whether it has the lead, or waits for it.
    pub(crate) fn takes_part(&self) -> bool {
        self.company.as_ref().is_some_and(|company| company.lead.borrow().is_some())
    }

    /// This tab takes no part any more: another leads, or none.
    pub(super) fn step_back(self: &Rc<Self>) {
        let Some(company) = &self.company else { return };
        if let Some(others) = company.others() {
            others.step_back(self);
        }
        company.lead.take();
        self.turn(|engine, now| engine.play(Role::Unknown, now));
    }

    /// Asks for the lead, instead of the place among those who wait that we may have.
    pub(crate) fn ask_for_lead(self: &Rc<Self>, turn: Turn) {
        let Some(company) = &self.company else { return };
        company.lead.take();
        let feed = Rc::downgrade(self);
        let told = move |granted| {
            if let Some(feed) = feed.upgrade() {
                feed.told_of_lead(granted);
            }
        };
        let lead = Lock::ask(NAME, turn, told);
        let refused = lead.is_none();
        company.lead.replace(lead);
        if refused {
            self.stay_alone();
        }
    }

    /// Nothing can be shared with other tabs: this one has a line of its own.
    fn stay_alone(self: &Rc<Self>) {
        if let Some(company) = &self.company {
            company.lead.take();
        }
        self.turn(|engine, now| engine.play(Role::Leads, now));
    }

    /// The browser puts the page away, and may bring it back as it was: it is kept for the way back only without a line, a lock
    /// and a channel.
    pub(super) fn put_away(self: &Rc<Self>) {
        self.turn(|engine, _| engine.put_away());
        let Some(company) = &self.company else { return };
        if let Some(others) = company.others.take() {
            others.step_back(self);
        }
        company.lead.take();
        company.channel.take();
        company.unheard.take();
    }

    /// It is back.
    pub(super) fn bring_back(self: &Rc<Self>) {
        if let Some(company) = &self.company {
            company.channel.replace(Channel::open(Rc::clone(&company.hear)));
        }
        match self.company {
            _ if self.engine.borrow().is_stopped() => {}
            Some(_) => self.take_part(),
            None => self.stay_alone(),
        }
    }

    fn told_of_lead(self: &Rc<Self>, granted: Granted) {
        let Some(company) = &self.company else { return };
        let ours = granted == Granted::Ours;
        match company.others() {
            _ if granted == Granted::Never => self.stay_alone(),
            Some(others) => others.lead(self, ours),
            None if ours => self.turn(|engine, now| engine.play(Role::Leads, now)),
            None => {
                company.lost.set(true);
                self.bring_others();
            }
        }
    }

    /// Another tab says something.
    pub(super) fn heard(self: &Rc<Self>, text: String) {
        let Some(company) = self.company.as_ref().filter(|_| self.takes_part()) else { return };
        if let Some(others) = company.others() {
            return others.heard(self, &text);
        }
        if company.unheard.borrow().len() < UNHEARD {
            company.unheard.borrow_mut().push(text);
        }
        self.bring_others();
    }

    fn bring_others(self: &Rc<Self>) {
        let is_coming = self.company.as_ref().is_none_or(|company| company.coming.replace(true));
        if is_coming {
            return;
        }
        let feed = Rc::downgrade(self);
        spawn(async move {
            let come = tabs::load(&feed).await;
            let Some(feed) = feed.upgrade() else { return };
            let Some(company) = &feed.company else { return };
            company.coming.set(false);
            let Some(others) = come else {
                // A line of its own is better than none. This tab takes no part: it would ask for the piece at every word.
                return feed.stay_alone();
            };
            company.others.replace(Some(Rc::clone(&others)));
            if company.lost.take() {
                others.lead(&feed, false);
            }
            let unheard = company.unheard.take();
            for text in unheard {
                others.heard(&feed, &text);
            }
        });
    }

    pub(crate) fn others(&self) -> Option<Rc<dyn Others>> {
        self.company.as_ref()?.others()
    }

    pub(super) fn say_to_all(&self, said: Said) {
        if let Some(others) = self.others() {
            others.say(said);
        }
    }
}
