//! One line for all tabs of a browser. The tab that leads has it, and asks on it for what the others follow, too; theirs leads
//! to that tab ([`SHARED`](crate::engine::SHARED)), and is a line like any other: it breaks, and goes on from its cursor.

use app::ports::TransportFault;
use common::{Cursor, Epoch, Seq, Topic, frame::Verdict};
use transports::browser::SubscribeRequest;

use super::{Action, Engine, Phase};
use crate::engine::{role::Role, transport_selector::TransportSelector, upgrade_probe::UpgradeProbe};

impl Engine {
    /// Sets the page's role from now on. Who led before is of no account: a line to another tab is opened anew.
    pub fn play(&mut self, role: Role, now: f64) -> Vec<Action> {
        if self.role == Role::Leads && role == Role::Leads {
            return vec![];
        }
        self.role = role;
        self.selector = TransportSelector::of(role, self.selector.pinned(), self.remembered);
        self.upgrade_probe = UpgradeProbe::default();
        self.round_trip_ms = None;
        // The line to come begins for this page, too.
        self.behind = false;
        match self.phase {
            Phase::Opening(_) | Phase::Open | Phase::Waiting(_) => self.open(now),
            Phase::Idle | Phase::Stopped => self.settle(now),
        }
    }

    /// Returns the page's role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Another tab is to be told what it asks for. Ask for [`Engine::settle`] when all of this moment's are in.
    pub fn take_in(&mut self, ask: &SubscribeRequest) {
        // Until the line has told its place, nobody knows whether it says of theirs what this one needs to hear.
        self.behind |= self.topics.take_in(ask) | (ask.since.is_some() && !self.placed);
    }

    /// The leader has lost its line: ours is lost with it, and is opened anew to hear what became of the time without.
    pub fn leader_lost(&mut self, now: f64) -> Vec<Action> {
        let is_told = self.role == Role::Follows && self.phase == Phase::Open;
        if is_told { self.lose(TransportFault::Cut, now) } else { vec![] }
    }

    /// It has left.
    pub fn let_go(&mut self, topics: &[Topic]) {
        self.topics.let_go(topics);
    }

    /// If what the line tells from now on is all that there is to tell of these topics: what it was told about the time before,
    /// and the how-manieth it is.
    #[must_use]
    pub fn tells(&self, topics: &[Topic]) -> Option<(Verdict, u32)> {
        let is_open = self.role == Role::Leads && self.phase == Phase::Open && !self.behind;
        (is_open && self.topics.carries(topics)).then_some((self.verdict, self.lines))
    }

    /// Returns the number of connections that were welcomed so far.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.lines
    }

    /// Returns true if the connection begins for another tab's sake: its gaps concern only the other tabs.
    #[must_use]
    pub fn begins_for_another(&self) -> bool {
        self.for_another
    }

    /// The longest silence that the server has promised, milliseconds.
    #[must_use]
    pub fn heartbeat_ms(&self) -> f64 {
        self.heartbeat_ms
    }

    /// Everything up to there was told.
    #[must_use]
    pub fn place(&self) -> Cursor {
        self.topics.cursor.unwrap_or(Cursor::new(Epoch(0), Seq::START))
    }

    /// Returns true if a person stopped the connection.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }

    /// Returns true if the page wants a connection.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        !matches!(self.phase, Phase::Idle | Phase::Stopped)
    }
}
