//! Which transport carries the page: the one that its reader has pinned, or the first of the catalog that gets through.

use app::ports::{TransportFault, TransportReason};
use transports::catalog::{CATALOG, Entry};

use super::role::Role;

/// The transport in use, and why it is this one.
#[derive(Debug)]
pub(super) struct TransportSelector {
    pinned: Option<&'static Entry>,
    current: &'static Entry,
    /// Another tab carries the line, and does the choosing.
    shared: bool,
    /// Attempts of this transport in a row that never came to a welcome.
    tries: u32,
    /// True if the last attempt met with silence: another one is useless.
    silent: bool,
    /// Why a better one does not carry the page, or why this one does not.
    why: Option<TransportReason>,
    /// The round trip of a plain request: what this network can do.
    plain_ms: Option<f64>,
}

/// So many attempts without a welcome, while plain requests pass: the network does not let this transport through.
const TRIES: u32 = 2;
/// A handshake is given a few round trips and this much, milliseconds, before the next transport is tried,
const SHORTEST_MS: f64 = 1_200.0;
/// and this much where the network is slow, or nothing is known of it, or there is no next one.
const LONGEST_MS: f64 = 8_000.0;

/// A ping is answered within a few round trips and this, milliseconds, by a line that lives.
const ANSWER_MS: f64 = 400.0;
/// Another tab has to take us in, and may have to ask the server before.
const SHARED_MS: f64 = 4_000.0;

/// The way to the tab that carries the line for all.
pub const SHARED: Entry = Entry { id: "", name: "", path: "", two_way: false, fallback: false, timed: false };

impl TransportSelector {
    /// The one that a page of this role begins with.
    pub(super) fn of(
        role: Role,
        pinned: Option<&'static Entry>,
        remembered: fn() -> Option<&'static Entry>,
    ) -> Self {
        let mut selector = Self { shared: role == Role::Follows, ..Self::new(pinned) };
        // Nothing better got through on this network the last time.
        if let (None, Some(entry)) = (pinned, remembered().filter(|entry| entry.fallback)) {
            selector.current = entry;
            let best = TransportReason { transport: CATALOG[0].id, tries: 0, fault: TransportFault::Before };
            selector.why = selector.is_second_best().then_some(best);
        }
        selector
    }

    fn new(pinned: Option<&'static Entry>) -> Self {
        let current = pinned.unwrap_or(CATALOG[0]);
        Self { pinned, current, shared: false, tries: 0, silent: false, why: None, plain_ms: None }
    }

    pub(super) fn current(&self) -> &'static Entry {
        if self.shared { &SHARED } else { self.current }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    pub(super) fn pinned(&self) -> Option<&'static Entry> {
        self.pinned
    }

    pub(super) fn why(&self) -> Option<TransportReason> {
        self.why
    }

    /// A person has chosen, or leaves it to the page. What the network can do stays known.
    pub(super) fn pin(&mut self, pinned: Option<&'static Entry>) {
        *self = Self { plain_ms: self.plain_ms, shared: self.shared, ..Self::new(pinned) };
    }

    /// Another network may let through what the last one did not.
    pub(super) fn forget_network(&mut self) {
        self.plain_ms = None;
        self.forget_tries();
    }

    /// From the top again.
    pub(super) fn start_over(&mut self) {
        self.pin(self.pinned);
    }

    /// Returns true if a plain request is to find out the network's abilities.
    pub(super) fn wonders(&self) -> bool {
        self.plain_ms.is_none() && self.pinned.is_none() && !self.shared
    }

    /// A plain request took this long.
    pub(super) fn passed(&mut self, round_trip_ms: f64) {
        self.plain_ms = Some(round_trip_ms);
    }

    /// Returns the time that the answer to a ping may take.
    pub(super) fn answer_ms(&self) -> f64 {
        ANSWER_MS + 4.0 * self.plain_ms.unwrap_or(ANSWER_MS / 4.0)
    }

    /// Returns the time that a handshake may take.
    pub(super) fn patience_ms(&self) -> f64 {
        if self.shared {
            return SHARED_MS;
        }
        let known = self.plain_ms.filter(|_| self.pinned.is_none());
        known.map_or(LONGEST_MS, |ms| (SHORTEST_MS + 4.0 * ms).min(LONGEST_MS))
    }

    /// An attempt ended without a welcome.
    pub(super) fn failed(&mut self, fault: TransportFault) {
        if self.shared {
            return;
        }
        self.tries += 1;
        self.silent = fault == TransportFault::Silent;
        if self.pinned.is_some() {
            self.blame(fault);
        }
    }

    /// A line that was well ended for a reason that is the page's own.
    pub(super) fn blame(&mut self, fault: TransportFault) {
        self.why = Some(TransportReason { transport: self.current.id, tries: self.tries, fault });
    }

    pub(super) fn welcomed(&mut self) {
        self.forget_tries();
        if !self.is_second_best() {
            self.why = None;
        }
    }

    /// Returns true if the network seems to block this transport, but lets something else through.
    pub(super) fn is_blocked(&self) -> bool {
        self.silent || self.tries >= TRIES
    }

    /// Returns true if the last attempt took all the time that it was given.
    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Goes on to the next transport, and says from which to which; a pinned one is kept.
    pub(super) fn fall_back(&mut self) -> Option<(&'static Entry, &'static Entry)> {
        if self.pinned.is_some() {
            return None;
        }
        let from = self.current;
        self.blame(if self.silent { TransportFault::Silent } else { TransportFault::Cut });
        self.current = after(from);
        self.forget_tries();
        Some((from, self.current))
    }

    /// The address of a transport that failed answers a plain question with this status.
    pub(super) fn examined(&mut self, entry: &Entry, status: u16) {
        if let Some(why) = self.why.as_mut().filter(|why| why.transport == entry.id) {
            why.fault = TransportFault::Answered(status);
        }
    }

    /// Returns true if a better transport did not get through.
    pub(super) fn is_second_best(&self) -> bool {
        !self.shared && self.pinned.is_none() && self.current.id != CATALOG[0].id
    }

    /// The one to try next beside the line there is: the best, or the one after that which was tried last.
    pub(super) fn better(&self, last: Option<&'static Entry>) -> Option<&'static Entry> {
        let next = last.map_or(CATALOG[0], after);
        let above = CATALOG.iter().take_while(|one| one.id != self.current.id);
        above.copied().find(|one| self.is_second_best() && one.id == next.id)
    }

    /// A better one gets through after all.
    pub(super) fn go_up(&mut self, entry: &'static Entry) {
        self.current = entry;
        self.forget_tries();
        if !self.is_second_best() {
            self.why = None;
        }
    }

    fn forget_tries(&mut self) {
        self.tries = 0;
        self.silent = false;
    }
}

/// The transport to fall back to from this one: the next of the catalog that may be tried without being asked for.
fn after(entry: &'static Entry) -> &'static Entry {
    let mut rest =
        CATALOG.iter().copied().skip_while(|one| one.id != entry.id).skip(1).chain(CATALOG.iter().copied());
    rest.find(|one| one.fallback).unwrap_or(CATALOG[0])
}
