//! Carries out what the engine decides, and brings what arrives to those who watch, once an animation frame.

mod channel;
mod guards;
mod network_memory;
mod ports;
mod requests;
mod state;
mod tab_coordination;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use app::ports::{Link, Notice, SendOutcome};
use common::{ClientMessage, Topic, frame::Event};
use leptos::prelude::{GetUntracked, ReadSignal, Set, signal};
use transports::{
    browser::{CLIENTS, ClientEvent, EventListeners, EventSink, SubscribeRequest, spawn},
    catalog::{self, Entry},
};

pub(crate) use self::{
    channel::NAME,
    ports::FeedPorts,
    state::{Feed, TabCommand, TabPeers},
};
use self::{
    guards::{SendGuard, TopicGuard},
    state::{ConnectionHandle, PendingSend, TabCoordinator, Watcher},
};
use crate::{
    browser,
    engine::{Action, Engine, Role, SHARED, Settings},
    timer::{NextFrame, Timer},
};

/// Which of the two, and who in the engine hears it.
type ConnectionRole = (fn(&Feed) -> &ConnectionHandle, fn(&mut Engine, ClientEvent, f64) -> Vec<Action>);

const LINE: ConnectionRole = (|feed| &feed.line, Engine::receive);
const TRIAL: ConnectionRole = (|feed| &feed.trial, Engine::tried);

/// Events wait for the next frame, which a hidden page does not have; more than this do not wait.
const INBOX: usize = 256;
const TRANSPORT: &str = "pulseboard.transport";

impl Feed {
    pub(crate) fn new() -> Rc<Self> {
        let pinned = browser::kept(TRANSPORT).and_then(|id| catalog::find(&id));
        let feed = Rc::new_cyclic(|weak: &Weak<Self>| {
            let coordinator = TabCoordinator::open({
                let weak = weak.clone();
                move |text| {
                    if let Some(feed) = weak.upgrade() {
                        feed.heard(text);
                    }
                }
            });
            let role = if coordinator.is_some() { Role::Unknown } else { Role::Leads };
            let remembered = network_memory::recall;
            let engine = Engine::new(Settings { pinned, remembered, role, random: js_sys::Math::random });
            let link = signal(engine.link(browser::now()));
            let call = |act: fn(&Rc<Self>)| {
                let weak = weak.clone();
                move || {
                    if let Some(feed) = weak.upgrade() {
                        act(&feed);
                    }
                }
            };
            let hear = |act: fn(&Rc<Self>, &str)| {
                let weak = weak.clone();
                move |event: web_sys::Event| {
                    if let Some(feed) = weak.upgrade() {
                        act(&feed, &event.type_());
                    }
                }
            };
            Self {
                engine: RefCell::new(engine),
                line: ConnectionHandle::default(),
                trial: ConnectionHandle::default(),
                watchers: RefCell::default(),
                next_watcher: Cell::default(),
                inbox: RefCell::default(),
                notice_handlers: RefCell::default(),
                senders: RefCell::default(),
                next_sender: Cell::default(),
                probing: Cell::default(),
                away: Cell::default(),
                link,
                coordinator,
                due: Timer::new(call(|feed| {
                    feed.turn(|engine, now| engine.tick_late(now - feed.due_at.get(), now));
                })),
                due_at: Cell::default(),
                settle: Timer::new(call(|feed| feed.turn(Engine::settle))),
                frame: NextFrame::new(call(|feed| {
                    feed.frame.came();
                    feed.deliver();
                })),
                _listeners: [
                    EventListeners::new(
                        &browser::window(),
                        &["online", "offline"],
                        hear(|feed, kind| {
                            let online = kind == "online";
                            feed.turn(|engine, now| engine.network(online, now));
                        }),
                    ),
                    EventListeners::new(
                        &browser::document(),
                        &["visibilitychange"],
                        hear(|feed, _| {
                            let shown = browser::is_shown();
                            if shown {
                                feed.deliver();
                            }
                            feed.turn(|engine, now| engine.show(shown, now));
                        }),
                    ),
                    EventListeners::new(
                        &browser::window(),
                        &["pagehide", "pageshow"],
                        hear(|feed, kind| {
                            let is_away = kind == "pagehide";
                            // That it is shown is told of a page that has just been loaded, too.
                            match (feed.away.replace(is_away), is_away) {
                                (false, true) => feed.put_away(),
                                (true, false) => feed.bring_back(),
                                _ => {}
                            }
                        }),
                    ),
                ],
            }
        });
        feed.take_part();
        feed
    }

    pub(crate) fn link(&self) -> ReadSignal<Link> {
        self.link.0
    }

    pub(crate) fn on_notice(&self, tell: Box<dyn Fn(Notice)>) {
        self.notice_handlers.borrow_mut().push(tell.into());
    }

    pub(crate) fn connect(self: &Rc<Self>) {
        if !self.engine.borrow().is_stopped() {
            return;
        }
        self.turn(Engine::connect);
        self.take_part();
    }

    pub(crate) fn disconnect(self: &Rc<Self>) {
        self.turn(|engine, _| engine.disconnect());
        self.step_back();
    }

    pub(crate) fn retry(self: &Rc<Self>) {
        self.turn(Engine::retry);
        self.say_to_all(TabCommand::Retry);
    }

    pub(crate) fn pin(self: &Rc<Self>, id: Option<&str>) {
        if !browser::keep(TRANSPORT, id) {
            self.act(Action::Tell(Notice::NotKept));
        }
        // It holds for this page where the browser keeps nothing, too.
        let pinned = id.and_then(catalog::find);
        self.pin_here(pinned);
        self.say_to_all(TabCommand::Pin(pinned));
    }

    pub(crate) fn watch(
        self: &Rc<Self>,
        topic: Topic,
        cadence_ms: Option<u32>,
        receive: Box<dyn Fn(&Event)>,
    ) -> impl Sized + 'static {
        let id = self.next_watcher.get();
        self.next_watcher.set(id + 1);
        self.engine.borrow_mut().watch(topic.clone(), cadence_ms);
        self.watchers.borrow_mut().push(Watcher { id, topic, cadence_ms, receive: receive.into() });
        self.settle.set(Some(0.0));
        TopicGuard { feed: Rc::downgrade(self), id }
    }

    pub(crate) fn send(
        self: &Rc<Self>,
        message: ClientMessage,
        told: Box<dyn Fn(SendOutcome)>,
    ) -> impl Sized + 'static {
        let number = self.next_sender.get();
        self.next_sender.set(number + 1);
        self.senders.borrow_mut().push(PendingSend { number, id: message.id.clone(), told });
        self.turn(|engine, _| engine.send(message));
        SendGuard { feed: Rc::downgrade(self), number }
    }

    /// Takes up the reader's choice, which may have been made in another tab.
    pub(crate) fn pin_here(self: &Rc<Self>, pinned: Option<&'static Entry>) {
        self.turn(|engine, now| engine.pin(pinned, now));
    }

    /// Lets the engine take one turn, carries out what it decides, and shows what came of it.
    pub(crate) fn turn(self: &Rc<Self>, turn: impl FnOnce(&mut Engine, f64) -> Vec<Action>) {
        let now = browser::now();
        let actions = turn(&mut self.engine.borrow_mut(), now);
        self.carry_out(actions, now);
    }

    /// Carries out the engine's decisions of a turn at `now`, and what follows from them.
    fn carry_out(self: &Rc<Self>, mut actions: Vec<Action>, now: f64) {
        actions.extend(self.engine.borrow_mut().next_message(now));
        for action in actions {
            self.act(action);
        }
        let now = browser::now();
        let (link, deadline) = {
            let engine = self.engine.borrow();
            (engine.link(now), engine.deadline(now))
        };
        self.due_at.set(deadline.unwrap_or(f64::INFINITY));
        self.due.set(deadline.map(|at| at - now));
        let (before, others) = (self.link.0.get_untracked(), self.others());
        let link = match &others {
            Some(others) => others.shown(self, link),
            None => link,
        };
        let is_new = before != link;
        if let Some(others) = others {
            others.turned(self, is_new);
        }
        if is_new {
            network_memory::keep(&before, &link);
            self.link.1.set(link);
        }
    }

    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::Open(entry, ask) => {
                self.trial.hang_up();
                self.open(entry, &ask, LINE);
            }
            Action::Close => {
                self.trial.hang_up();
                self.line.hang_up();
            }
            Action::Try(entry, ask) => self.open(entry, &ask, TRIAL),
            Action::EndTry => self.trial.hang_up(),
            Action::Examine(entry) => self.examine(entry),
            Action::Reload => browser::reload(),
            Action::Send(frame) => {
                if let Some(line) = &*self.line.line.borrow() {
                    line.send(&frame);
                }
            }
            Action::Post(message) => self.post(message),
            // Later: whoever sends may be told at once, and has no guard in hand yet.
            Action::ReportOutcome(id, told) => {
                let feed = Rc::downgrade(self);
                spawn(async move {
                    if let Some(sender) = feed.upgrade().and_then(|feed| feed.take_sender(|one| one.id == id))
                    {
                        (sender.told)(told);
                    }
                });
            }
            Action::Probe => self.probe(),
            Action::Deliver(event) => {
                self.inbox.borrow_mut().push(event);
                // A hidden page has no frames, and is told seldom: its title and its notices are not to be late.
                if !browser::is_shown() || self.inbox.borrow().len() >= INBOX {
                    self.deliver();
                } else {
                    self.frame.ask();
                }
            }
            Action::Tell(notice) => {
                let notice_handlers = self.notice_handlers.borrow().clone();
                for tell in notice_handlers {
                    tell(notice.clone());
                }
            }
        }
    }

    fn take_sender(&self, is_it: impl Fn(&PendingSend) -> bool) -> Option<PendingSend> {
        let mut senders = self.senders.borrow_mut();
        let at = senders.iter().position(is_it)?;
        Some(senders.remove(at))
    }

    fn open(self: &Rc<Self>, entry: &Entry, ask: &SubscribeRequest, side: ConnectionRole) {
        let place = side.0(self);
        place.hang_up();
        let line = if entry.id == SHARED.id {
            self.others().map(|others| others.open(self, ask, self.ear(side)))
        } else {
            let open = CLIENTS.iter().find(|(end, _)| end.id == entry.id).map(|(_, open)| open);
            let ask = SubscribeRequest { client: Some(browser::page_name()), ..ask.clone() };
            open.and_then(|open| open(&ask, self.ear(side)))
        };
        if line.is_none() {
            // Told later, not from within this turn.
            let ear = self.ear(side);
            spawn(async move { ear(ClientEvent::Closed(None)) });
        }
        place.line.replace(line);
    }

    /// The handler of the next connection's events.
    fn ear(self: &Rc<Self>, (place, hear): ConnectionRole) -> EventSink {
        let (feed, generation) = (Rc::downgrade(self), place(self).generation.get());
        Rc::new(move |heard| {
            if let Some(feed) = feed.upgrade().filter(|feed| place(feed).generation.get() == generation) {
                if std::ptr::eq(place(&feed), &raw const feed.line)
                    && let Some(others) = feed.others()
                {
                    others.pass_on(&feed, &heard);
                }
                feed.turn(|engine, now| hear(engine, heard, now));
            }
        })
    }

    fn deliver(&self) {
        let events = self.inbox.take();
        for event in events {
            // Taken before they are called: a watcher may come or go while one is told.
            let receivers: Vec<_> = {
                let watchers = self.watchers.borrow();
                let of_topic = watchers.iter().filter(|watcher| watcher.topic == event.topic);
                of_topic.map(|watcher| watcher.receive.clone()).collect()
            };
            for receive in receivers {
                receive(&event);
            }
        }
    }
}
