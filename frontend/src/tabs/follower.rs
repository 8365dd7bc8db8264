//! This tab, where another one leads: its line there, and what it knows of it.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use app::ports::Link;
use common::frame::{ClientFrame, ServerFrame};
use transports::browser::{ClientConnection, ClientEvent, EventSink};

use super::tab_message::{TabMessage, say};
use crate::{feed::Feed, timer::Timer};

/// This tab as a follower of the leading tab.
pub(super) struct Follower {
    /// Our line to it.
    line: Rc<RefCell<Option<OpenStream>>>,
    leader: RefCell<String>,
    /// The state of the leader's connection, as it said last.
    link: RefCell<Option<Link>>,
    /// Runs from the moment at which something was asked of it until it says something.
    patience: Timer,
}

struct OpenStream {
    ear: EventSink,
    welcomed: bool,
}

/// A leader that was asked and says nothing for so long does not live, though its tab does: its browser does not let it run.
const PATIENCE_MS: f64 = 4_000.0;

/// The line as its holder has it.
struct LeaderConnection {
    tab: String,
    feed: Weak<Feed>,
    line: Rc<RefCell<Option<OpenStream>>>,
}

impl ClientConnection for LeaderConnection {
    fn send(&self, _: &ClientFrame) -> bool {
        false
    }
}

impl Drop for LeaderConnection {
    fn drop(&mut self) {
        self.line.take();
        if let Some(feed) = self.feed.upgrade() {
            say(&feed, &TabMessage::Leaves(self.tab.clone()));
        }
    }
}

impl Follower {
    /// `unheeded` is called when the leader should have answered by now.
    pub(super) fn new(unheeded: impl FnMut() + 'static) -> Self {
        Self {
            line: Rc::default(),
            leader: RefCell::default(),
            link: RefCell::default(),
            patience: Timer::new(unheeded),
        }
    }

    /// A tab leads; whether that is another one than before.
    pub(super) fn follow(&self, tab: String) -> bool {
        self.heed();
        let is_new = *self.leader.borrow() != tab;
        if is_new {
            self.leader.replace(tab);
            self.forget_link();
        }
        is_new
    }

    /// The leader lives.
    fn heed(&self) {
        self.patience.set(None);
    }

    fn expect_a_word(&self) {
        if !self.patience.is_set() {
            self.patience.set(Some(PATIENCE_MS));
        }
    }

    /// There should be a leader, and nothing is heard of it. Whether it is to be asked if it lives: it has been, otherwise.
    pub(super) fn doubt(&self) -> bool {
        let is_asked = self.patience.is_set();
        self.expect_a_word();
        !is_asked
    }

    /// It was asked to take us in.
    pub(super) fn join(&self, tab: String, feed: Weak<Feed>, ear: EventSink) -> Box<dyn ClientConnection> {
        self.expect_a_word();
        self.line.replace(Some(OpenStream { ear, welcomed: false }));
        Box::new(LeaderConnection { tab, feed, line: Rc::clone(&self.line) })
    }

    /// Handles a frame that the leader passes on, for the tab of this name or for all.
    pub(super) fn hear(&self, own: &str, to: &str, frame: ServerFrame) {
        self.heed();
        let ear = {
            let mut line = self.line.borrow_mut();
            let Some(line) = line.as_mut() else { return };
            if to != own && !(line.welcomed && to.is_empty()) {
                return;
            }
            line.welcomed = true;
            line.ear.clone()
        };
        ear(ClientEvent::Frame(frame));
    }

    pub(super) fn link(&self) -> Option<Link> {
        self.link.borrow().clone()
    }

    pub(super) fn set_link(&self, link: Link) {
        self.heed();
        self.link.replace(Some(link));
    }

    pub(super) fn forget_link(&self) {
        self.link.take();
    }
}
