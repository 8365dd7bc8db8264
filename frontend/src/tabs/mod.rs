//! The tabs of one browser, which share a line: who leads, and how they talk. What follows from it is `feed::sharing`'s.

mod lock;
mod relay;
mod word;

use std::cell::{Cell, RefCell};

use app::ports::Link;
use common::frame::ServerFrame;
use transports::browser::{Ask, Ear, Ears, Heard};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, Event, MessageEvent};

pub(crate) use self::{
    lock::{Lock, Turn},
    relay::{Relay, is_for_all},
    word::Word,
};
use crate::{browser, timer::Timer};

/// This tab among the others.
pub(crate) struct Tabs {
    id: String,
    channel: BroadcastChannel,
    /// The lead, or our place among those who wait for it.
    pub(crate) lead: RefCell<Option<Lock>>,
    /// Those whom we lead.
    pub(crate) relay: RefCell<Relay>,
    /// Our line to the tab that leads.
    guest: RefCell<Option<Guest>>,
    /// Who leads.
    leader: RefCell<String>,
    /// How the leader's line is, as it said last.
    pub(crate) leaders: RefCell<Option<Link>>,
    /// Runs from the moment at which something was asked of the leader until it says something.
    patience: Timer,
    asked: Cell<bool>,
    _life: Lock,
    _ears: Ears,
}

struct Guest {
    ear: Ear,
    welcomed: bool,
}

/// Pages of other builds may say other words: a new number for every change of them.
const NAME: &str = "pulseboard.line.1";
/// A leader that was asked and says nothing for so long does not live, though its tab does: its browser does not let it run.
const PATIENCE_MS: f64 = 4_000.0;

impl Tabs {
    /// This tab, hearing what others say; `None` in a browser that lacks what it takes.
    pub(crate) fn open(
        mut hear: impl FnMut(Word) + 'static,
        unheeded: impl FnMut() + 'static,
    ) -> Option<Self> {
        let id = browser::new_message_id().to_string();
        let channel = BroadcastChannel::new(NAME).ok()?;
        let life = Lock::ask(&life_of(&id), &Turn::Mine, |_| {})?;
        let ears = Ears::new(&channel, &["message"], move |event: Event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            if let Some(word) = text.as_deref().and_then(Word::read) {
                hear(word);
            }
        });
        Some(Self {
            id,
            channel,
            lead: RefCell::default(),
            relay: RefCell::default(),
            guest: RefCell::default(),
            leader: RefCell::default(),
            leaders: RefCell::default(),
            patience: Timer::new(unheeded),
            asked: Cell::default(),
            _life: life,
            _ears: ears,
        })
    }

    pub(crate) fn say(&self, word: &Word) {
        let _ = self.channel.post_message(&word.write().into());
    }

    /// What this tab says when it has the lead.
    pub(crate) fn leads(&self) -> Word {
        Word::Leads(self.id.clone())
    }

    /// A tab leads; whether that is another one than before.
    pub(crate) fn follow(&self, tab: String) -> bool {
        self.heed();
        let is_new = *self.leader.borrow() != tab;
        if is_new {
            self.leader.replace(tab);
            self.leaders.take();
        }
        is_new
    }

    /// Asks for the lead; `told` hears when it is ours, and when it is taken from us.
    pub(crate) fn ask_for_lead(&self, turn: &Turn, told: impl Fn(bool) + 'static) {
        // The one there is goes first: its place would be before the new one's.
        self.lead.take();
        self.lead.replace(Lock::ask(NAME, turn, told));
    }

    /// The leader lives.
    pub(crate) fn heed(&self) {
        self.asked.set(false);
        self.patience.set(None);
    }

    fn expect_a_word(&self) {
        if !self.asked.replace(true) {
            self.patience.set(Some(PATIENCE_MS));
        }
    }

    /// The leader should have passed something on by now: does it live?
    pub(crate) fn doubt(&self) {
        if !self.asked.get() {
            self.expect_a_word();
            self.say(&Word::Hello);
        }
    }

    /// Asks the leader to take us in.
    pub(crate) fn join(&self, ask: &Ask, ear: Ear) {
        self.expect_a_word();
        self.guest.replace(Some(Guest { ear, welcomed: false }));
        self.say(&Word::Joins(self.id.clone(), ask.clone()));
    }

    /// Asks it to let us go.
    pub(crate) fn leave(&self) {
        if self.guest.take().is_some() {
            self.say(&Word::Leaves(self.id.clone()));
        }
    }

    /// What the leader passes on, for the tab of this name or for all.
    pub(crate) fn hear(&self, to: &str, frame: ServerFrame) {
        let is_welcome = to == self.id;
        let ear = {
            let mut guest = self.guest.borrow_mut();
            let Some(guest) = guest.as_mut().filter(|guest| is_welcome || (guest.welcomed && to.is_empty()))
            else {
                return;
            };
            guest.welcomed = true;
            guest.ear.clone()
        };
        ear(Heard::Frame(frame));
    }

    /// Hears when another tab is gone.
    pub(crate) fn gone(tab: &str, told: impl Fn() + 'static) -> Option<Lock> {
        Lock::ask(&life_of(tab), &Turn::Mine, move |is_ours| {
            if is_ours {
                told();
            }
        })
    }
}

/// The name that a tab holds for as long as it lives.
fn life_of(tab: &str) -> String {
    format!("{NAME}.{tab}")
}
