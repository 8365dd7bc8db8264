//! One transport's place in the lab: its line, what the line has brought, and what was measured of it.

use std::{any::Any, rc::Rc, sync::Arc};

use common::{
    Sample, Topic,
    frame::{ByeReason, Event},
    lab::LabBeat,
};
use send_wrapper::SendWrapper;

use super::{
    super::offset::Offset,
    measure::{Figures, Tally},
};
use crate::{
    i18n::Words,
    live::{Cell, Stored},
    ports::{BytesKnown, LabPorts, LineObserver, LinkState},
};

#[derive(Clone, Copy)]
pub(super) struct Lane {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Its place in the catalog.
    pub(super) place: usize,
    /// True if the reader wants this connection.
    pub(super) on: Cell<bool>,
    pub(super) state: Cell<LinkState>,
    /// Why the server ended its line the last time, until it is live again.
    pub(super) turned_away: Cell<Option<ByeReason>>,
    /// The newest of CPU, memory and disk that its line has brought.
    pub(super) sample: Cell<Option<Arc<Sample>>>,
    pub(super) figures: Cell<Figures>,
    pub(super) bytes: Cell<BytesKnown>,
    pub(super) tally: Stored<Tally>,
    line: Stored<Option<LineGuard>>,
}

/// A line, until it is dropped.
type LineGuard = SendWrapper<Box<dyn Any>>;

impl Lane {
    pub(super) fn new(place: usize, (id, name): (&'static str, &'static str)) -> Self {
        Self {
            id,
            name,
            place,
            on: Cell::new(false),
            state: Cell::new(LinkState::Stopped),
            turned_away: Cell::new(None),
            sample: Cell::new(None),
            figures: Cell::new(Figures::default()),
            bytes: Cell::new(BytesKnown::Counted),
            tally: Stored::new(Tally::default()),
            line: Stored::new(None),
        }
    }

    /// Opens its line.
    pub(super) fn open(self, ports: &dyn LabPorts, topics: [Topic; 2], offset: Stored<Offset>) {
        self.tally.update(Tally::begin);
        self.on.set(true);
        let [metrics, lab] = topics;
        let hearing = LaneListener { lane: self, metrics: metrics.clone(), offset };
        let line = ports.open(self.id, vec![metrics, lab], Rc::new(hearing));
        self.line.set(Some(SendWrapper::new(line)));
    }

    /// Closes it. What it has brought stays.
    pub(super) fn close(self) {
        // Taken first, so that nothing is heard of it while it goes.
        let line = self.line.update(Option::take);
        drop(line);
        self.on.set(false);
        self.turned_away.set(None);
        self.state.set(LinkState::Stopped);
    }

    /// Returns true if the connection is wanted, and not live.
    pub(super) fn is_waiting(self) -> bool {
        !matches!(self.state.peek(), LinkState::Live | LinkState::Stopped)
    }

    /// Returns true if the connection brings updates; tracked.
    pub(super) fn is_live(self) -> bool {
        matches!(self.state.get(), LinkState::Live | LinkState::Delayed)
    }

    /// For the stylesheet, and in a word; tracked.
    pub(super) fn told(self, words: &'static Words) -> (&'static str, &'static str) {
        match self.state.get() {
            LinkState::Idle | LinkState::Connecting => ("connecting", words.state_connecting),
            LinkState::Live => ("live", words.connected),
            LinkState::Delayed => ("delayed", words.state_delayed),
            LinkState::Stale => ("stale", words.state_stale),
            LinkState::Reconnecting { .. } => ("reconnecting", words.state_reconnecting),
            LinkState::Offline { .. } => ("offline", words.state_offline),
            LinkState::Stopped => ("stopped", words.disconnected),
        }
    }

    /// Brings what people read in step with what was counted.
    pub(super) fn refresh(self, now: f64) {
        let figures = self.tally.update(|tally| tally.figures(now));
        if let Some(figures) = figures
            && self.figures.look(|known| *known != figures) == Some(true)
        {
            self.figures.set(figures);
        }
    }
}

/// Hears its line.
struct LaneListener {
    lane: Lane,
    metrics: Topic,
    offset: Stored<Offset>,
}

impl LineObserver for LaneListener {
    fn state(&self, state: LinkState) {
        self.lane.state.set(state);
        if state == LinkState::Live && self.lane.turned_away.look(Option::is_some) == Some(true) {
            self.lane.turned_away.set(None);
        }
    }

    fn turned_away(&self, reason: ByeReason) {
        self.lane.turned_away.set(Some(reason));
    }

    fn back(&self, after_ms: f64) {
        self.lane.tally.update(|tally| tally.come_back(after_ms));
    }

    fn event(&self, event: &Event, at_ms: f64) {
        if event.topic == self.metrics {
            if let Ok(sample) = serde_json::from_str::<Sample>(event.data.get()) {
                self.lane.sample.set(Some(Arc::new(sample)));
            }
        } else if let Ok(beat) = serde_json::from_str::<LabBeat>(event.data.get()) {
            let offset = self.offset.with(Offset::ms).flatten();
            // Nothing arrives before it was sent: what is less is the error of the comparison.
            let age = offset.map(|offset| (at_ms + offset - beat.at).max(0.0));
            self.lane.tally.update(|tally| tally.beat(beat, age));
        }
        self.lane.tally.update(Tally::update);
    }

    fn weighed(&self, bytes: usize) {
        self.lane.tally.update(|tally| tally.weigh(bytes));
    }

    fn asked(&self) {
        self.lane.tally.update(Tally::ask);
    }
}
