//! The page's one connection, and the switches that hang on it.

use leptos::prelude::*;

use super::{Cell, NotificationKind, Notifications, Stored, effect};
use crate::{
    parts,
    ports::{Browser, Link, LinkState, LocalFuture},
};

/// The connection.
#[derive(Clone, Copy)]
pub struct Connection {
    link: Cell<Link>,
    /// The number of cards with old numbers on a healthy connection: their collector hangs.
    stale_cards: Cell<u32>,
    switches: Stored<Vec<CardEntry>>,
    browser: Stored<Option<Browser>>,
}

/// A card's switch, and what the card is called.
type CardEntry = (Cell<bool>, &'static str);

impl Connection {
    /// A line that opens when the page has come to life.
    #[must_use]
    pub fn new(notifications: Notifications) -> Self {
        let idle = Link {
            state: LinkState::Idle,
            transport: "",
            round_trip_ms: None,
            pinned: None,
            why: None,
            shared: false,
        };
        let line = Self {
            link: Cell::new(idle),
            switches: Stored::new(Vec::new()),
            stale_cards: Cell::new(0),
            browser: Stored::new(use_context()),
        };
        // The mirror is written only after mount: until then page and server agree that nothing is connected.
        effect(move || {
            let Some(browser) = line.browser() else { return };
            let told = browser.clone();
            browser.link.on_notice(Box::new(move |notice| {
                notifications.notify(NotificationKind::Connection(notice), told.clock.now() as u64);
            }));
            browser.link.connect();
        });
        effect(move || {
            if let Some(browser) = line.browser() {
                line.link.set(browser.link.link().get());
            }
        });
        line
    }

    /// Provides the connection of the page.
    pub(crate) fn provide() {
        parts::share(Self::new(Notifications::here()));
    }

    /// The page's line, from context.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        parts::shared()
    }

    /// The connection as it is, tracked.
    #[must_use]
    pub fn link(self) -> Link {
        self.link.get()
    }

    /// Returns the connection's state, tracked.
    #[must_use]
    pub fn state(self) -> LinkState {
        self.link.with(|link| link.state)
    }

    /// Returns the state for the badge, tracked: a healthy connection without new numbers is stale to a reader.
    #[must_use]
    pub fn told_state(self) -> LinkState {
        match self.state() {
            LinkState::Live | LinkState::Delayed if self.stale_cards.get() > 0 => LinkState::Stale,
            state => state,
        }
    }

    /// Counts a card among the stale ones while `is_stale` says so.
    pub(super) fn count_stale(self, is_stale: impl Fn() -> bool + 'static) {
        let counted = Stored::new(false);
        let count = move |stale: bool| {
            if counted
                .update(|counted| std::mem::replace(counted, stale))
                .is_some_and(|before| before != stale)
            {
                self.stale_cards.update(|cards| {
                    *cards = if stale { cards.saturating_add(1) } else { cards.saturating_sub(1) };
                });
            }
        };
        effect(move || count(is_stale()));
        on_cleanup(move || count(false));
    }

    /// Returns true if the connection is open or opening, tracked: the opposite of stopped.
    #[must_use]
    pub fn is_wanted(self) -> bool {
        !matches!(self.state(), LinkState::Idle | LinkState::Stopped)
    }

    /// Opens it with every card on it.
    pub fn connect_all(self) {
        self.turn_all(true);
        if let Some(browser) = self.browser() {
            browser.link.connect();
        }
    }

    /// Closes it. Cards are turned off too, so that one card can then be connected alone.
    pub fn disconnect_all(self) {
        self.turn_all(false);
        if let Some(browser) = self.browser() {
            browser.link.disconnect();
        }
    }

    /// Opens it where it was stopped, for one card.
    pub fn connect_for_one(self) {
        if !untrack(|| self.is_wanted())
            && let Some(browser) = self.browser()
        {
            browser.link.connect();
        }
    }

    /// Ends the wait before the next attempt.
    pub fn retry_now(self) {
        if let Some(browser) = self.browser() {
            browser.link.retry_now();
        }
    }

    /// Which transport carries the page from now on; `None` leaves it to the page.
    pub fn pin_transport(self, id: Option<&'static str>) {
        if let Some(browser) = self.browser() {
            browser.link.pin_transport(id);
        }
    }

    /// The transports there are, id and name; none before the browser is there.
    #[must_use]
    pub fn transports(self) -> Vec<(&'static str, &'static str)> {
        self.browser().map(|browser| browser.link.transports()).unwrap_or_default()
    }

    /// Returns a transport's name for people.
    #[must_use]
    pub fn transport_name(self, id: &'static str) -> &'static str {
        self.transports().into_iter().find(|known| known.0 == id).map_or(id, |known| known.1)
    }

    /// Asks the server for the reason that it is not ready, in its own words; none before the browser is there.
    #[must_use]
    pub fn ask_unready(self) -> Option<LocalFuture<String>> {
        self.browser().map(|browser| browser.requests.unready())
    }

    fn browser(self) -> Option<Browser> {
        self.browser.get()
    }

    pub(super) fn hang(self, switch: Cell<bool>) {
        self.switches.update(|switches| {
            switches.retain(|known| !known.0.is_gone());
            switches.push((switch, ""));
        });
    }

    /// Says what the card of a switch is called.
    pub(super) fn name(self, switch: Cell<bool>, title: &'static str) {
        self.switches.update(|switches| {
            for hung in switches.iter_mut().filter(|hung| hung.0 == switch) {
                hung.1 = title;
            }
        });
    }

    /// The cards that can be turned on and off: their titles, and whether they are on.
    #[must_use]
    pub fn cards(self) -> Vec<(&'static str, bool)> {
        let named =
            |hung: &CardEntry| (!hung.1.is_empty()).then(|| Some((hung.1, hung.0.look(|on| *on)?)))?;
        self.switches.get().iter().filter_map(named).collect()
    }

    /// Turns the card of that title on or off.
    pub fn turn_card(self, title: &'static str, on: bool) {
        for hung in self.switches.get().into_iter().filter(|hung| hung.1 == title) {
            hung.0.set(on);
        }
        if on {
            self.connect_for_one();
        }
    }

    fn turn_all(self, on: bool) {
        for (switch, _) in self.switches.get() {
            switch.set(on);
        }
    }
}
