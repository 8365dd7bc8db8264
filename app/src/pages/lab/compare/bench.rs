//! The seats together: what is published for them, and what is done to all.

use std::rc::Rc;

use common::{
    host::HostId,
    lab::{LabId, LabRun},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::super::words::LabWords;
use super::{super::offset::Offset, lane::Lane};
use crate::{
    live::{Cell, Stored, Trouble, effect},
    ports::{Browser, BytesKnown, LabPorts},
};

/// The lab publishes at this rate until a slider is moved.
const RATE: u32 = 10;
const BYTES: u32 = 256;
/// The server publishes for this long without being asked again, seconds: it does not publish for a page that has
/// left.
const RUN_S: u32 = 15;
/// The server is asked again, and its clock compared, this often, seconds.
const AGAIN_S: u32 = 5;
/// A simulated network failure lasts this long, milliseconds.
const CUT_MS: u32 = 5_000;
/// A request that waits for this long is held back, seconds.
const LONG_S: u32 = 4;

#[derive(Clone, Copy)]
pub(super) struct Bench {
    pub(super) lanes: Stored<Vec<Lane>>,
    /// Publications a second, and bytes of each.
    pub(super) rate: Cell<u32>,
    pub(super) bytes: Cell<u32>,
    /// The announcement for screen readers.
    pub(super) told: Cell<String>,
    /// Why nothing is published.
    pub(super) trouble: Cell<Option<Trouble>>,
    /// True if the lab's code could not be loaded.
    pub(super) missing: Cell<bool>,
    /// A line waits for one of the few connections that a browser opens to one server.
    pub(super) starved: Cell<bool>,
    pub(super) offset: Stored<Offset>,
    words: &'static LabWords,
    browser: Stored<Browser>,
    ports: Stored<Option<SendWrapper<Rc<dyn LabPorts>>>>,
    lab: Stored<Option<LabId>>,
    /// The comparison of the clocks: whether it is under way, and the seconds for which both it and a connection have
    /// waited.
    looking: Stored<bool>,
    held_back: Stored<u32>,
    ticks: Stored<u32>,
}

impl Bench {
    /// A bench that begins when the page is there, and ends with it.
    pub(super) fn new(browser: Browser) -> Self {
        let lanes = browser.link.transports().into_iter().enumerate();
        let lab = browser.messages.new_message_id().as_str().parse().ok();
        let bench = Self {
            lanes: Stored::new(lanes.map(|(place, names)| Lane::new(place, names)).collect()),
            rate: Cell::new(RATE),
            bytes: Cell::new(BYTES),
            told: Cell::new(String::new()),
            trouble: Cell::new(None),
            missing: Cell::new(false),
            starved: Cell::new(false),
            offset: Stored::new(Offset::default()),
            words: LabWords::here(),
            browser: Stored::new(browser),
            ports: Stored::new(None),
            lab: Stored::new(lab),
            looking: Stored::new(false),
            held_back: Stored::new(0),
            ticks: Stored::new(0),
        };
        effect(move || {
            bench.fetch();
            let browser = bench.browser.get();
            let ticking = browser.clock.every_second(Box::new(move || bench.tick()));
            // The page's own line is there on every page, and the badge tells how it is.
            let line = browser.messages.watch(HostId::local().metrics_topic(), None, Box::new(|_| ()));
            let held = SendWrapper::new((ticking, line));
            on_cleanup(move || drop(held));
        });
        on_cleanup(move || bench.turn_all(false));
        bench
    }

    /// Asks for what measures, again after it did not come.
    pub(super) fn fetch(self) {
        let browser = self.browser.get();
        spawn_local(async move {
            let ports = (browser.laboratory)().await;
            // The page may have been left meanwhile.
            if self.rate.is_gone() {
                return;
            }
            self.missing.set(ports.is_none());
            if let Some(ports) = ports {
                self.begin(ports);
            }
        });
    }

    fn begin(self, ports: Rc<dyn LabPorts>) {
        for (lane, transport) in self.lanes.get().into_iter().zip(ports.transports()) {
            lane.bytes.set(transport.bytes);
        }
        self.ports.set(Some(SendWrapper::new(ports)));
        self.look_at_clock();
        self.publish();
        self.turn_all(true);
    }

    /// Opens or closes the connection of one lane.
    pub(super) fn turn(self, lane: Lane, on: bool) {
        if lane.on.look(|is| *is == on) != Some(false) {
            return;
        }
        if !on {
            return lane.close();
        }
        let lab = self.lab.with(Clone::clone).flatten();
        if let (Some(ports), Some(lab)) = (self.ports(), lab) {
            let none_was_on = self.lanes.get().iter().all(|lane| !lane.on.peek());
            lane.open(&*ports, [HostId::local().metrics_topic(), lab.topic()], self.offset);
            if none_was_on {
                self.publish();
            }
        }
    }

    pub(super) fn turn_all(self, on: bool) {
        for lane in self.lanes.with(Clone::clone).unwrap_or_default() {
            self.turn(lane, on);
        }
    }

    /// A slider was moved: what comes from here on is measured anew.
    pub(super) fn change_pace(self) {
        let now = self.browser.get().clock.now();
        for lane in self.lanes.get() {
            lane.tally.update(|tally| tally.forget_ages(now));
        }
        self.publish();
    }

    /// The server ends the lines.
    pub(super) fn cut_lines(self) {
        let lab = self.lab.with(Clone::clone).flatten();
        let (Some(ports), Some(lab)) = (self.ports(), lab) else { return };
        let browser = self.browser.get();
        spawn_local(async move {
            match ports.cut_lines(&lab).await {
                Ok(cut) => self.told.set((self.words.ended)(cut.lines)),
                Err(error) => self.trouble.set(Some(Trouble::of(error, browser.clock.now()))),
            }
        });
    }

    /// The network is away for a while.
    pub(super) fn cut_network(self) {
        if let Some(ports) = self.ports() {
            ports.cut_network(CUT_MS);
            self.told.set(self.words.network_gone.to_owned());
        }
    }

    fn tick(self) {
        let (Some(now), Some(lanes)) =
            (self.browser.with(|browser| browser.clock.now()), self.lanes.with(Clone::clone))
        else {
            return;
        };
        let mut is_opening = false;
        for &lane in &lanes {
            lane.refresh(now);
            is_opening |= lane.is_waiting();
        }
        // A plain request that waits, and is not refused, shows that the browser holds both back.
        let is_held_back = is_opening && self.looking.get();
        let held_back = self.held_back.update(|seconds| {
            *seconds = if is_held_back { *seconds + 1 } else { 0 };
            *seconds
        });
        let is_old_http = || self.ports().is_some_and(|ports| ports.protocol().starts_with("http/1"));
        let starved = held_back.is_some_and(|seconds| seconds >= LONG_S) && is_old_http();
        if self.starved.peek() != starved {
            self.starved.set(starved);
        }
        let ticks = self.ticks.update(|ticks| {
            *ticks = ticks.wrapping_add(1);
            *ticks
        });
        let is_due = ticks.is_some_and(|ticks| ticks.is_multiple_of(AGAIN_S));
        // The first looks come close together: until there is one, no age is known.
        if is_due || ticks.is_some_and(|ticks| ticks < AGAIN_S) {
            self.look_at_clock();
        }
        if is_due && lanes.iter().any(|lane| lane.on.peek()) {
            self.publish();
        }
    }

    /// Asks the server to publish, and to go on with it.
    fn publish(self) {
        let lab = self.lab.with(Clone::clone).flatten();
        let (Some(ports), Some(lab)) = (self.ports(), lab) else { return };
        let browser = self.browser.get();
        let run = LabRun { lab, rate: self.rate.peek(), bytes: self.bytes.peek(), seconds: RUN_S };
        spawn_local(async move {
            match ports.ask(&run).await {
                Ok(started) => {
                    if self.trouble.look(Option::is_some) == Some(true) {
                        self.trouble.set(None);
                    }
                    self.know_compression(started.compression);
                }
                Err(error) => self.trouble.set(Some(Trouble::of(error, browser.clock.now()))),
            }
        });
    }

    /// A server that does not compress hides nothing.
    fn know_compression(self, compresses: bool) {
        for lane in self.lanes.with(Clone::clone).unwrap_or_default() {
            if !compresses && lane.bytes.peek() == BytesKnown::BeforeCompression {
                lane.bytes.set(BytesKnown::Counted);
            }
        }
    }

    /// One look at a time: a network that swallows requests must not collect them.
    fn look_at_clock(self) {
        let Some(ports) = self.ports() else { return };
        if self.looking.update(|looking| std::mem::replace(looking, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            let look = ports.look_at_clock().await;
            self.looking.set(false);
            if let Some(look) = look {
                self.offset.update(|offset| offset.add(look));
            }
        });
    }

    fn ports(self) -> Option<Rc<dyn LabPorts>> {
        let ports = self.ports.with(Clone::clone).flatten();
        ports.map(SendWrapper::take)
    }
}
