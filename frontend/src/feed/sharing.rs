//! One line for all tabs of a browser: whoever holds the lead has it, and passes on what it tells.

use std::rc::{Rc, Weak};

use app::ports::{Link, LinkState};
use common::frame::{ServerFrame, Verdict};
use transports::{
    browser::{Ask, Ear, Heard, Line, spawn},
    catalog,
};

use super::{Feed, TRANSPORT};
use crate::{
    browser,
    engine::{Engine, Role},
    tabs::{Tabs, Turn, Word, is_for_all},
};

/// When the lead passes on, all who follow come at once: they are waited for, so that the new line is asked for all in one.
const GATHER_MS: f64 = 30.0;

/// A line that leads to another tab.
struct ToLeader(Weak<Feed>);

impl Line for ToLeader {
    fn send(&self, _: &common::frame::ClientFrame) -> bool {
        false
    }
}

impl Drop for ToLeader {
    fn drop(&mut self) {
        if let Some(feed) = self.0.upgrade()
            && let Some(tabs) = &feed.tabs
        {
            tabs.leave();
        }
    }
}

impl Feed {
    /// Takes part: in the queue for the lead, and asking who has it.
    pub(super) fn take_part(self: &Rc<Self>) {
        let Some(tabs) = &self.tabs else { return };
        self.ask_for_lead(tabs, &Turn::Mine);
        tabs.say(&Word::Hello);
    }

    /// Takes no part any more: another tab leads, or none.
    pub(super) fn step_back(self: &Rc<Self>) {
        let Some(tabs) = &self.tabs else { return };
        self.gather.set(None);
        self.dismiss(tabs);
        tabs.lead.take();
        tabs.leaders.take();
        self.turn(|engine, now| engine.play(Role::Unknown, now));
    }

    fn ask_for_lead(self: &Rc<Self>, tabs: &Tabs, turn: &Turn) {
        let feed = Rc::downgrade(self);
        tabs.ask_for_lead(turn, move |ours| {
            if let Some(feed) = feed.upgrade() {
                feed.told_of_lead(ours);
            }
        });
    }

    fn told_of_lead(self: &Rc<Self>, ours: bool) {
        let Some(tabs) = &self.tabs else { return };
        tabs.leaders.take();
        if ours {
            let is_new = self.engine.borrow().role() == Role::Unknown;
            tabs.say(&tabs.leads());
            // Who was alone has nobody to wait for.
            self.gather.set(Some(if is_new { 0.0 } else { GATHER_MS }));
            return;
        }
        // Another tab had no answer from us.
        self.gather.set(None);
        self.dismiss(tabs);
        let feed = Rc::downgrade(self);
        spawn(async move {
            if let Some(feed) = feed.upgrade() {
                feed.turn(|engine, now| engine.play(Role::Follows, now));
                if let Some(tabs) = &feed.tabs {
                    feed.ask_for_lead(tabs, &Turn::Mine);
                }
            }
        });
    }

    /// The leader does not answer: someone else has to lead.
    pub(super) fn take_lead(self: &Rc<Self>) {
        if let Some(tabs) = self.tabs.as_ref().filter(|_| self.follows()) {
            self.ask_for_lead(tabs, &Turn::Now);
        }
    }

    /// Whether another tab is to have the line of this one.
    fn follows(&self) -> bool {
        let engine = self.engine.borrow();
        engine.role() == Role::Follows && engine.is_wanted()
    }

    /// Those who followed are let go.
    fn dismiss(&self, tabs: &Tabs) {
        for topics in tabs.relay.borrow_mut().end() {
            self.engine.borrow_mut().let_go(&topics);
        }
    }

    /// Another tab says something.
    pub(super) fn heard(self: &Rc<Self>, word: Word) {
        let Some(tabs) = &self.tabs else { return };
        // From the moment at which the lead is ours, those who come are taken in.
        let leads = self.gather.is_set() || self.engine.borrow().role() == Role::Leads;
        match word {
            Word::Hello if leads => tabs.say(&tabs.leads()),
            Word::Joins(tab, ask) if leads => self.take_in(tabs, tab, &ask),
            Word::Leaves(tab) if leads => self.let_go(tabs, &tab),
            Word::Retry if leads => self.turn(Engine::retry),
            Word::Leads(tab) => {
                let is_new = tabs.follow(tab);
                if is_new && !leads && tabs.lead.borrow().is_some() {
                    self.turn(|engine, now| engine.play(Role::Follows, now));
                }
            }
            Word::Frame(to, frame) if !leads => {
                tabs.heed();
                tabs.hear(&to, frame);
            }
            Word::Link(link, hidden) if !leads => {
                tabs.heed();
                let is_lost =
                    matches!(link.state, LinkState::Reconnecting { .. } | LinkState::Offline { .. });
                let is_back = link.state == LinkState::Live;
                tabs.leaders.replace(Some(link));
                if is_lost && hidden && browser::is_shown() {
                    // Browsers hold back the timers of a tab that no one sees: this one is quicker.
                    self.take_lead();
                }
                self.turn(|engine, now| match (is_lost, is_back) {
                    (true, _) => engine.leader_lost(now),
                    (_, true) => engine.retry(now),
                    _ => vec![],
                });
            }
            Word::Pin => self.pin_kept(),
            _ => {}
        }
    }

    fn take_in(self: &Rc<Self>, tabs: &Tabs, tab: String, ask: &Ask) {
        let weak = Rc::downgrade(self);
        let name = tab.clone();
        let gone = move |tab: &str| {
            Tabs::gone(tab, move || {
                let (weak, name) = (weak.clone(), name.clone());
                // Later: what tells it goes with it.
                spawn(async move {
                    if let Some(feed) = weak.upgrade()
                        && let Some(tabs) = &feed.tabs
                    {
                        feed.let_go(tabs, &name);
                    }
                });
            })
        };
        let line = {
            let mut engine = self.engine.borrow_mut();
            engine.take_in(ask);
            engine.lines()
        };
        let before = tabs.relay.borrow_mut().join(tab, ask, line, gone);
        self.engine.borrow_mut().let_go(&before);
        if self.engine.borrow().role() == Role::Leads {
            self.settle.set(Some(0.0));
        }
        tabs.say(&self.present_link());
    }

    fn let_go(&self, tabs: &Tabs, tab: &str) {
        let topics = tabs.relay.borrow_mut().leave(tab);
        self.engine.borrow_mut().let_go(&topics);
        self.settle.set(Some(0.0));
    }

    fn present_link(&self) -> Word {
        Word::Link(self.engine.borrow().link(browser::now()), !browser::is_shown())
    }

    /// After every turn: those who can be welcomed are, and all who follow hear how the line is.
    pub(super) fn tell_tabs(&self, link_changed: bool) {
        let Some(tabs) = &self.tabs else { return };
        if tabs.relay.borrow().is_empty() {
            return;
        }
        let engine = self.engine.borrow();
        let greeted = tabs.relay.borrow_mut().greet(|topics| engine.tells(topics));
        for (tab, verdict) in greeted {
            tabs.say(&Word::Frame(tab, welcome(&engine, verdict)));
        }
        drop(engine);
        if link_changed {
            tabs.say(&self.present_link());
        }
    }

    /// The line tells something: whom it concerns hears it, too.
    pub(super) fn pass_on(&self, heard: &Heard) {
        let (Some(tabs), Heard::Frame(frame)) = (&self.tabs, heard) else { return };
        let relay = tabs.relay.borrow();
        if relay.is_empty() || !is_for_all(frame) {
            return;
        }
        let engine = self.engine.borrow();
        if matches!(frame, ServerFrame::Gap { .. }) && engine.begins_for_another() {
            relay
                .begun_with(engine.lines())
                .for_each(|tab| tabs.say(&Word::Frame(tab.to_owned(), frame.clone())));
        } else {
            tabs.say(&Word::Frame(String::new(), frame.clone()));
        }
    }

    /// Opens a line to the tab that leads.
    pub(super) fn open_to_leader(self: &Rc<Self>, ask: &Ask, ear: Ear) -> Option<Box<dyn Line>> {
        let tabs = self.tabs.as_ref()?;
        tabs.join(ask, ear);
        Some(Box::new(ToLeader(Rc::downgrade(self))))
    }

    /// The line as people are to see it: the leader's, where that is what ails.
    pub(super) fn shown_link(&self, own: Link) -> Link {
        let Some(tabs) = self.tabs.as_ref().filter(|_| self.follows()) else { return own };
        if matches!(own.state, LinkState::Delayed | LinkState::Stale) {
            tabs.doubt();
        }
        match tabs.leaders.borrow().clone() {
            Some(link) if link.state == LinkState::Live => Link { state: own.state, ..link },
            Some(link) => link,
            None => own,
        }
    }

    /// The reader's choice, made here or in another tab.
    pub(super) fn pin_kept(self: &Rc<Self>) {
        let pinned = browser::kept(TRANSPORT).and_then(|id| catalog::find(&id));
        self.turn(|engine, now| engine.pin(pinned, now));
    }

    pub(super) fn say_to_tabs(&self, word: &Word) {
        if let Some(tabs) = &self.tabs {
            tabs.say(word);
        }
    }
}

fn welcome(engine: &Engine, verdict: Verdict) -> ServerFrame {
    let heartbeat_ms = engine.heartbeat_ms() as u64;
    ServerFrame::Welcome { verdict, head: engine.place(), heartbeat_ms }
}
