//! One line of one transport, with its engine: it comes back by itself, from where it was, and never as another transport.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use app::ports::{LineObserver, LinkState};
use common::{Topic, frame::ServerFrame};
use transports::{
    browser::{CLIENTS, ClientConnection, ClientEvent, EventSink, spawn},
    wire_size::{Framing, WireSize},
};

use super::moment;
use crate::{
    browser,
    engine::{Action, Engine, Role, Settings},
    timer::Timer,
};

/// True if these connections have a network.
pub(super) type Network = Rc<Cell<bool>>;

pub(super) struct LabConnection {
    engine: RefCell<Engine>,
    scale: &'static WireSize,
    line: RefCell<Option<Box<dyn ClientConnection>>>,
    /// The number of connections so far: events of an earlier one are ignored.
    generation: Cell<u64>,
    due: Timer,
    network: Network,
    hearing: Rc<dyn LineObserver>,
    /// The state that was reported last, and since when the connection is broken.
    state: Cell<Option<LinkState>>,
    lost_at: Cell<Option<f64>>,
}

impl LabConnection {
    /// A line that is being opened.
    pub(super) fn begin(
        scale: &'static WireSize,
        topics: Vec<Topic>,
        hearing: Rc<dyn LineObserver>,
        network: Network,
    ) -> Rc<Self> {
        let settings = Settings {
            pinned: Some(scale.entry),
            remembered: || None,
            // A line of its own, whatever other tabs have.
            role: Role::Leads,
            random: js_sys::Math::random,
        };
        let mut engine = Engine::new(settings);
        for topic in topics {
            engine.watch(topic, None);
        }
        let strand = Rc::new_cyclic(|weak: &Weak<Self>| {
            let weak = weak.clone();
            let tick = move || {
                if let Some(strand) = weak.upgrade() {
                    strand.turn(Engine::tick);
                }
            };
            Self {
                engine: RefCell::new(engine),
                scale,
                line: RefCell::default(),
                generation: Cell::default(),
                due: Timer::new(tick),
                network,
                hearing,
                state: Cell::default(),
                lost_at: Cell::default(),
            }
        });
        strand.turn(Engine::settle);
        strand
    }

    /// Lets the engine take one turn, carries out what it decides, and tells what came of it.
    pub(super) fn turn(self: &Rc<Self>, turn: impl FnOnce(&mut Engine, f64) -> Vec<Action>) {
        let now = browser::now();
        let actions = turn(&mut self.engine.borrow_mut(), now);
        for action in actions {
            self.act(action);
        }
        let (state, deadline) = {
            let engine = self.engine.borrow();
            (engine.link(now).state, engine.deadline(now))
        };
        self.due.set(deadline.map(|at| at - now));
        self.tell(state);
    }

    /// Carries out an action; the omitted ones are for connections that fall back, carry messages or measure their
    /// round trip.
    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::Open(_, ask) => {
                self.hang_up();
                let open =
                    CLIENTS.iter().find(|(end, _)| end.id == self.scale.entry.id).map(|(_, open)| open);
                let line = open.filter(|_| self.network.get()).and_then(|open| open(&ask, self.ear()));
                if line.is_none() {
                    // Told later, not from within this turn.
                    let ear = self.ear();
                    spawn(async move { ear(ClientEvent::Closed(None)) });
                } else if self.scale.framing != Framing::Answers {
                    self.hearing.asked();
                }
                self.line.replace(line);
            }
            Action::Close => self.hang_up(),
            Action::Deliver(event) => self.hearing.event(&event, moment::now()),
            _ => {}
        }
    }

    fn hang_up(&self) {
        self.generation.set(self.generation.get() + 1);
        self.line.take();
    }

    /// The handler of the next connection's events.
    fn ear(self: &Rc<Self>) -> EventSink {
        let (strand, generation) = (Rc::downgrade(self), self.generation.get());
        Rc::new(move |heard| {
            if let Some(strand) = strand.upgrade().filter(|strand| strand.generation.get() == generation) {
                strand.hear(heard);
            }
        })
    }

    fn hear(self: &Rc<Self>, heard: ClientEvent) {
        if let ClientEvent::Frame(ServerFrame::Bye { reason, .. }) = &heard {
            self.hearing.turned_away(*reason);
        }
        if let (ClientEvent::Frame(frame), true) = (&heard, self.scale.framing != Framing::Answers) {
            self.hearing.weighed((self.scale.encoded_len)(frame));
        }
        self.turn(|engine, now| engine.receive(heard, now));
    }

    fn tell(&self, state: LinkState) {
        let before = self.state.replace(Some(state));
        if before == Some(state) {
            return;
        }
        match (before.is_some_and(is_open), is_open(state)) {
            (true, false) => self.lost_at.set(Some(moment::now())),
            (false, true) => {
                if let Some(lost_at) = self.lost_at.take() {
                    self.hearing.back(moment::now() - lost_at);
                }
            }
            _ => {}
        }
        self.hearing.state(state);
    }
}

fn is_open(state: LinkState) -> bool {
    matches!(state, LinkState::Live | LinkState::Delayed | LinkState::Stale)
}
