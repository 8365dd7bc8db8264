//! One line for all tabs of a browser: whoever holds the lead has it, and passes on what it tells. In a piece of its own, which
//! comes once there are two tabs.

mod broadcaster;
mod follower;
#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;
mod tab_message;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use app::ports::{Link, LinkState};
use common::frame::{ServerFrame, Verdict};
use transports::browser::{ClientConnection, ClientEvent, EventSink, SubscribeRequest, spawn};

pub(crate) use self::side::load;
use self::{
    broadcaster::{Broadcaster, is_for_all},
    follower::Follower,
    tab_message::{TabMessage, say},
};
use crate::{
    browser,
    engine::{Engine, Role},
    feed::{Feed, NAME, TabCommand, TabPeers},
    lock::{Granted, Lock, LockMode},
    timer::Timer,
};

/// This tab among the others.
struct Tabs {
    id: String,
    /// Those whom we lead.
    broadcaster: RefCell<Broadcaster>,
    /// This tab as a follower of the leading tab.
    follower: Follower,
    /// When the lead, which is ours, is taken up.
    gather: Timer,
    feed: Weak<Feed>,
    /// Held for as long as this tab lives: who has it next knows that it is gone.
    _life: Lock,
}

/// When the lead passes on, all who follow come at once: they are waited for, so that the new line is asked for all in one.
const GATHER_MS: f64 = 30.0;

/// Makes the coordination with other tabs; nothing if the browser lacks an interface after all.
fn make(feed: &Weak<Feed>) -> Option<Rc<dyn TabPeers>> {
    let id = browser::new_message_id().to_string();
    let life = Lock::ask(&life_of(&id), LockMode::Mine, |_| {})?;
    let call = |act: fn(&Rc<Feed>)| {
        let feed = feed.clone();
        move || {
            if let Some(feed) = feed.upgrade() {
                act(&feed);
            }
        }
    };
    let unheeded = call(|feed| {
        // The leader does not answer: someone else has to lead.
        if feed.takes_part() && feed.engine.borrow().role() != Role::Leads {
            feed.ask_for_lead(LockMode::Now);
        }
    });
    Some(Rc::new(Tabs {
        follower: Follower::new(unheeded),
        id,
        broadcaster: RefCell::default(),
        gather: Timer::new(call(|feed| feed.turn(|engine, now| engine.play(Role::Leads, now)))),
        feed: feed.clone(),
        _life: life,
    }))
}

/// The name that a tab holds for as long as it lives.
fn life_of(tab: &str) -> String {
    format!("{NAME}.{tab}")
}

/// Returns true if another tab is to have this tab's connection.
fn follows(feed: &Feed) -> bool {
    let engine = feed.engine.borrow();
    engine.role() == Role::Follows && engine.is_wanted()
}

fn present_link(feed: &Feed) -> TabMessage {
    TabMessage::Link(feed.engine.borrow().link(browser::now()), !browser::is_shown())
}

impl Tabs {
    /// From the moment at which the lead is ours, those who come are taken in.
    fn leads(&self, feed: &Feed) -> bool {
        self.gather.is_set() || feed.engine.borrow().role() == Role::Leads
    }

    /// Those who followed are let go.
    fn dismiss(&self, feed: &Feed) {
        self.gather.set(None);
        for topics in self.broadcaster.borrow_mut().end() {
            feed.engine.borrow_mut().let_go(&topics);
        }
    }

    fn take_in(&self, feed: &Rc<Feed>, tab: String, ask: &SubscribeRequest) {
        let line = {
            let mut engine = feed.engine.borrow_mut();
            engine.take_in(ask);
            engine.lines()
        };
        let weak = Rc::downgrade(feed);
        let gone = move |tab: &str| {
            let leaves = TabMessage::Leaves(tab.to_owned()).write();
            Lock::ask(&life_of(tab), LockMode::Mine, move |granted| {
                let (weak, leaves) = (weak.clone(), leaves.clone());
                // Later: what tells it goes with it.
                spawn(async move {
                    if let (Some(feed), Granted::Ours) = (weak.upgrade(), granted)
                        && let Some(others) = feed.others()
                    {
                        others.heard(&feed, &leaves);
                    }
                });
            })
        };
        let before = self.broadcaster.borrow_mut().join(tab, ask, line, gone);
        feed.engine.borrow_mut().let_go(&before);
        if feed.engine.borrow().role() == Role::Leads {
            feed.settle.set(Some(0.0));
        }
        say(feed, &present_link(feed));
    }

    fn let_go(&self, feed: &Feed, tab: &str) {
        let topics = self.broadcaster.borrow_mut().leave(tab);
        feed.engine.borrow_mut().let_go(&topics);
        feed.settle.set(Some(0.0));
    }

    /// Asks who leads; one who is and does not say so in time is one no longer.
    fn look_for_leader(&self, feed: &Feed) {
        if self.follower.doubt() {
            say(feed, &TabMessage::Hello);
        }
    }

    /// Handles the state of the leader's connection.
    fn hear_link(&self, feed: &Rc<Feed>, link: Link, hidden: bool) {
        let is_lost = matches!(link.state, LinkState::Reconnecting { .. } | LinkState::Offline { .. });
        let is_back = link.state == LinkState::Live;
        self.follower.set_link(link);
        if is_lost && hidden && browser::is_shown() && follows(feed) {
            // Browsers hold back the timers of a tab that no one sees: this one is quicker.
            feed.ask_for_lead(LockMode::Now);
        }
        feed.turn(|engine, now| match (is_lost, is_back) {
            (true, _) => engine.leader_lost(now),
            (_, true) => engine.retry(now),
            _ => vec![],
        });
    }
}

impl TabPeers for Tabs {
    fn heard(&self, feed: &Rc<Feed>, text: &str) {
        let Some(message) = TabMessage::read(text) else { return };
        let leads = self.leads(feed);
        match message {
            TabMessage::Hello if leads => say(feed, &TabMessage::Leads(self.id.clone())),
            TabMessage::Joins(tab, ask) if leads => self.take_in(feed, tab, &ask),
            TabMessage::Leaves(tab) if leads => self.let_go(feed, &tab),
            TabMessage::Retry if leads => feed.turn(Engine::retry),
            TabMessage::Leads(tab) => {
                let is_new = self.follower.follow(tab) || feed.engine.borrow().role() == Role::Unknown;
                if is_new && !leads {
                    feed.turn(|engine, now| engine.play(Role::Follows, now));
                }
            }
            TabMessage::Frame(to, frame) if !leads => self.follower.hear(&self.id, &to, frame),
            TabMessage::Link(link, hidden) if !leads => self.hear_link(feed, link, hidden),
            TabMessage::Pin(pinned) => feed.pin_here(pinned),
            _ => {}
        }
    }

    fn lead(&self, feed: &Rc<Feed>, ours: bool) {
        self.follower.forget_link();
        let role = feed.engine.borrow().role();
        if ours {
            say(feed, &TabMessage::Leads(self.id.clone()));
            // A tab that was alone has no followers to wait for.
            self.gather.set(Some(if role == Role::Follows { GATHER_MS } else { 0.0 }));
            return;
        }
        self.dismiss(feed);
        self.look_for_leader(feed);
        // Later: the name that was ours is still being taken.
        let feed = Rc::downgrade(feed);
        spawn(async move {
            let Some(feed) = feed.upgrade() else { return };
            if role == Role::Leads {
                feed.turn(|engine, now| engine.play(Role::Follows, now));
            }
            feed.ask_for_lead(LockMode::Mine);
        });
    }

    fn step_back(&self, feed: &Feed) {
        self.dismiss(feed);
        self.follower.forget_link();
    }

    fn turned(&self, feed: &Feed, link_changed: bool) {
        if self.broadcaster.borrow().is_empty() {
            return;
        }
        let engine = feed.engine.borrow();
        let greeted = self.broadcaster.borrow_mut().greet(|topics| engine.tells(topics));
        for (tab, verdict) in greeted {
            say(feed, &TabMessage::Frame(tab, welcome(&engine, verdict)));
        }
        drop(engine);
        if link_changed {
            say(feed, &present_link(feed));
        }
    }

    fn pass_on(&self, feed: &Feed, heard: &ClientEvent) {
        let ClientEvent::Frame(frame) = heard else { return };
        let broadcaster = self.broadcaster.borrow();
        if broadcaster.is_empty() || !is_for_all(frame) {
            return;
        }
        let engine = feed.engine.borrow();
        if matches!(frame, ServerFrame::Gap { .. }) && engine.begins_for_another() {
            for tab in broadcaster.begun_with(engine.lines()) {
                say(feed, &TabMessage::Frame(tab.to_owned(), frame.clone()));
            }
        } else {
            say(feed, &TabMessage::Frame(String::new(), frame.clone()));
        }
    }

    fn open(&self, feed: &Rc<Feed>, ask: &SubscribeRequest, ear: EventSink) -> Box<dyn ClientConnection> {
        say(feed, &TabMessage::Joins(self.id.clone(), ask.clone()));
        self.follower.join(self.id.clone(), self.feed.clone(), ear)
    }

    fn shown(&self, feed: &Feed, own: Link) -> Link {
        if !follows(feed) {
            return own;
        }
        if matches!(own.state, LinkState::Delayed | LinkState::Stale) {
            self.look_for_leader(feed);
        }
        match self.follower.link() {
            Some(link) if link.state == LinkState::Live => Link { state: own.state, ..link },
            Some(link) => link,
            None => own,
        }
    }

    fn say(&self, said: TabCommand) {
        let message = match said {
            TabCommand::Retry => TabMessage::Retry,
            TabCommand::Pin(pinned) => TabMessage::Pin(pinned),
        };
        if let Some(feed) = self.feed.upgrade() {
            say(&feed, &message);
        }
    }
}

fn welcome(engine: &Engine, verdict: Verdict) -> ServerFrame {
    let heartbeat_ms = engine.heartbeat_ms() as u64;
    ServerFrame::Welcome { verdict, head: engine.place(), heartbeat_ms }
}
