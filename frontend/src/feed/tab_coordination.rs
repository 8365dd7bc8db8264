//! The other tabs of the browser, as far as a page must know of them that may have none: whether it is the first, and whether
//! another says something. All else comes in a piece, once there are two.

use std::rc::Rc;

use transports::browser::spawn;

use super::{
    channel::{Channel, NAME},
    state::{Feed, TabCommand, TabPeers},
};
use crate::{
    engine::Role,
    lock::{Granted, Lock, LockMode},
    tabs,
};

/// At most this many messages are kept until the chunk is loaded.
const UNHEARD: usize = 64;

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
            if let Some(said) = coordinator.unsaid.take() {
                others.say(said);
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

    /// Tells the other tabs; a tab that is not known to be alone waits for the chunk that can say it.
    pub(super) fn say_to_all(&self, said: TabCommand) {
        let Some(coordinator) = &self.coordinator else { return };
        if let Some(others) = coordinator.others() {
            others.say(said);
        } else if coordinator.coming.get() || self.engine.borrow().role() == Role::Unknown {
            coordinator.unsaid.set(Some(said));
        }
    }
}
