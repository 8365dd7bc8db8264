//! The machine itself: what people and the passing of time make it do.

mod hearing;
mod sending;
mod view;

use app::ports::{Notice, Told};
use common::{
    Message, MessageId, Topic,
    frame::{ClientFrame, Event},
};
use transports::{
    browser::Ask,
    catalog::{self, CATALOG, Entry},
};

use super::{backoff::Backoff, health::Health, outbox::Outbox, topics::Topics};

/// What is to be done.
#[derive(Debug)]
pub enum Action {
    /// Close the line there is, and open one of this transport.
    Open(&'static Entry, Ask),
    /// Close the line.
    Close,
    /// Send a frame up the line.
    Send(ClientFrame),
    /// Send a message by a request of its own; answer with [`Engine::posted`].
    Post(Message),
    /// Tell whoever sent this message what became of it.
    Told(MessageId, Told),
    /// Ask the server, by a plain request, whether it can be reached; answer with [`Engine::probed`].
    Probe,
    /// Give an event to those who watch its topic.
    Deliver(Event),
    /// Tell people.
    Tell(Notice),
}

/// What an engine is made with.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The transport to prefer: an id of the catalog.
    pub transport: &'static str,
    /// A random number from 0 to 1.
    pub random: fn() -> f64,
}

/// One line for the page.
#[derive(Debug)]
pub struct Engine {
    random: fn() -> f64,
    topics: Topics,
    outbox: Outbox,
    preferred: &'static Entry,
    current: &'static Entry,
    phase: Phase,
    backoff: Backoff,
    shown: bool,
    /// When it was shown the last time.
    shown_at: f64,
    /// What the browser says of its network.
    online: bool,
    /// Whether the line being opened takes over from one that was well: nothing is to be seen of the change.
    seamless: bool,
    heard_at: f64,
    heartbeat_ms: f64,
    /// When the page was last told everything, while it is not.
    lost_at: Option<f64>,
    retry_ms: Option<f64>,
    /// Attempts of this transport in a row that never came to a welcome.
    unwelcome: u32,
    /// The last measurement of the round trip on this line.
    ping: Option<Ping>,
    pings: u32,
    round_trip_ms: Option<f64>,
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Ping {
    id: u32,
    sent_at: f64,
    open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// No topic is wanted.
    Idle,
    /// A line is being opened since then.
    Opening(f64),
    /// The server has welcomed us.
    Open,
    /// The next attempt starts then.
    Waiting(f64),
    /// A person stopped it.
    Stopped,
}

/// A handshake that takes longer is held up by something that will not let it through.
const OPENING_MS: f64 = 8_000.0;
/// So many attempts without a welcome, while plain requests pass: the network does not let this transport through.
const UNWELCOME: u32 = 2;
/// How long to wait after a code that says that trying again does not help.
const UNFIT_MS: f64 = 30_000.0;
/// How often the round trip is measured.
const PING_MS: f64 = 10_000.0;

impl Engine {
    /// An engine at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let preferred = catalog::find(settings.transport).unwrap_or(CATALOG[0]);
        Self {
            random: settings.random,
            topics: Topics::default(),
            outbox: Outbox::new(),
            preferred,
            current: preferred,
            phase: Phase::Idle,
            backoff: Backoff::new(),
            shown: true,
            shown_at: 0.0,
            online: true,
            seamless: false,
            heard_at: 0.0,
            heartbeat_ms: 15_000.0,
            lost_at: None,
            retry_ms: None,
            unwelcome: 0,
            ping: None,
            pings: 0,
            round_trip_ms: None,
            reason: None,
        }
    }

    /// Someone watches a topic. Ask for [`Engine::settle`] when all of this moment's changes are in.
    pub fn watch(&mut self, topic: Topic, cadence_ms: Option<u32>) {
        self.topics.want(topic, cadence_ms);
    }

    /// Someone watches it no longer.
    pub fn unwatch(&mut self, topic: &Topic, cadence_ms: Option<u32>) {
        self.topics.unwant(topic, cadence_ms);
    }

    /// Brings the line in step with what is watched.
    pub fn settle(&mut self, now: f64) -> Vec<Action> {
        match self.phase {
            Phase::Idle if !self.topics.is_empty() => vec![self.open(now)],
            Phase::Idle | Phase::Waiting(_) | Phase::Stopped => vec![],
            Phase::Opening(_) | Phase::Open if self.topics.is_empty() => {
                self.rest(Phase::Idle);
                vec![Action::Close]
            }
            // A line that will take changes is not given up for one: it takes it when it is open.
            Phase::Opening(_) if self.current.two_way => vec![],
            Phase::Opening(_) | Phase::Open => self.change_topics(now),
        }
    }

    fn change_topics(&mut self, now: f64) -> Vec<Action> {
        let Some(change) = self.topics.change() else { return vec![] };
        if !self.current.two_way {
            // A one-way line is asked for its topics once: it is opened anew from where it was.
            return vec![self.open(now)];
        }
        // First those that go, so that there is room for those that come.
        let mut actions = Vec::new();
        if !change.removed.is_empty() {
            actions.push(Action::Send(ClientFrame::Unsubscribe { topics: change.removed }));
        }
        if !change.added.is_empty() {
            let frame = ClientFrame::Subscribe { topics: change.added, since: None, snapshot: true };
            actions.push(Action::Send(frame));
        }
        actions
    }

    /// A person wants the line.
    pub fn connect(&mut self, now: f64) -> Vec<Action> {
        if self.phase != Phase::Stopped {
            return vec![];
        }
        self.phase = Phase::Idle;
        self.settle(now)
    }

    /// A person does not want it.
    pub fn disconnect(&mut self) -> Vec<Action> {
        self.rest(Phase::Stopped);
        vec![Action::Close]
    }

    /// A person does not want to wait, or the network is back.
    pub fn retry(&mut self, now: f64) -> Vec<Action> {
        if matches!(self.phase, Phase::Waiting(_)) { vec![self.open(now)] } else { vec![] }
    }

    /// A person chose a transport.
    pub fn prefer(&mut self, entry: &'static Entry, now: f64) -> Vec<Action> {
        self.preferred = entry;
        self.current = entry;
        self.unwelcome = 0;
        self.reason = None;
        self.round_trip_ms = None;
        match self.phase {
            Phase::Opening(_) | Phase::Open | Phase::Waiting(_) => vec![self.open(now)],
            Phase::Idle | Phase::Stopped => vec![],
        }
    }

    /// The page is shown or hidden.
    pub fn show(&mut self, shown: bool, now: f64) -> Vec<Action> {
        self.shown = shown;
        if shown {
            self.shown_at = now;
        }
        match (shown, self.phase) {
            (true, Phase::Waiting(_)) => self.retry(now),
            (true, _) => self.tick(now),
            (false, _) => vec![],
        }
    }

    /// The browser says whether it has a network. A socket may outlive a network that is gone, so it is given up.
    pub fn network(&mut self, online: bool, now: f64) -> Vec<Action> {
        self.online = online;
        if !online {
            return self.lose(None, now);
        }
        // Another network may let through what the last one did not.
        self.unwelcome = 0;
        if self.current.id != self.preferred.id && matches!(self.phase, Phase::Waiting(_)) {
            self.current = self.preferred;
            self.reason = None;
        }
        self.retry(now)
    }

    fn lose(&mut self, code: Option<u16>, now: f64) -> Vec<Action> {
        let welcomed = self.phase == Phase::Open;
        if !matches!(self.phase, Phase::Open | Phase::Opening(_)) {
            return vec![];
        }
        self.ping = None;
        let final_code = code.filter(|&code| !common::close::is_retryable(code));
        let by_message = self.outbox.lost_line(final_code.is_some());
        let seamless = std::mem::take(&mut self.seamless);
        // A server that says bye lets the transport through.
        let asked_to_wait = self.retry_ms.take();
        if welcomed || seamless {
            self.lost_at.get_or_insert(self.heard_at);
        } else if asked_to_wait.is_none() && self.online {
            self.unwelcome += 1;
        }
        if welcomed && self.current.id == self.preferred.id {
            self.reason = None;
        }
        let mut wait = self.backoff.fail(self.shown, (self.random)());
        wait = asked_to_wait.map_or(wait, |asked| asked.max(wait));
        if let Some(code) = final_code.filter(|_| !by_message) {
            self.reason = Some(format!("{} was closed with code {code}", self.current.name));
            // Something about this page is wrong, and will be the next time: no hurry.
            wait = wait.max(UNFIT_MS);
        }
        self.phase = Phase::Waiting(now + wait);
        let mut actions = vec![Action::Close];
        if self.unwelcome >= UNWELCOME {
            actions.push(Action::Probe);
        }
        actions
    }

    /// The answer to a probe: the round trip of a plain request, if it passed.
    pub fn probed(&mut self, round_trip_ms: Option<f64>, now: f64) -> Vec<Action> {
        if self.phase == Phase::Open {
            self.round_trip_ms = round_trip_ms.or(self.round_trip_ms);
            return vec![];
        }
        // A probe that took long may find the next attempt under way: let it finish.
        let waiting = matches!(self.phase, Phase::Waiting(_));
        if !waiting || round_trip_ms.is_none() || self.unwelcome < UNWELCOME {
            return vec![];
        }
        // The server is there and this transport does not get through: the next one may.
        let (from, to) = (self.current, after(self.current));
        self.current = to;
        self.unwelcome = 0;
        self.round_trip_ms = None;
        self.reason = Some(format!("{} did not get through after {UNWELCOME} tries", from.name));
        let told = Action::Tell(Notice::FellBack { from: from.id, to: to.id });
        let mut actions = self.retry(now);
        actions.push(told);
        actions
    }

    /// Some time has passed: call it at [`Engine::deadline`].
    pub fn tick(&mut self, now: f64) -> Vec<Action> {
        match self.phase {
            Phase::Waiting(until) if now >= until => vec![self.open(now)],
            Phase::Opening(since) if now - since >= OPENING_MS => self.lose(None, now),
            Phase::Open if self.health(now).0 == Health::Dead => self.lose(None, now),
            Phase::Open if self.shown && self.measured_at() + PING_MS <= now => self.measure(now),
            _ => vec![],
        }
    }

    fn open(&mut self, now: f64) -> Action {
        self.seamless = match self.phase {
            Phase::Open => true,
            Phase::Opening(_) => self.seamless,
            _ => false,
        };
        self.phase = Phase::Opening(now);
        if !self.seamless {
            self.heard_at = now;
        }
        self.ping = None;
        self.outbox.left_line();
        Action::Open(self.current, self.topics.ask())
    }

    fn rest(&mut self, phase: Phase) {
        self.phase = phase;
        self.backoff.succeed();
        self.unwelcome = 0;
        self.lost_at = None;
        self.retry_ms = None;
        self.current = self.preferred;
        self.reason = None;
        self.outbox.left_line();
        self.topics.change();
    }

    fn measure(&mut self, now: f64) -> Vec<Action> {
        self.pings = self.pings.wrapping_add(1);
        self.ping = Some(Ping { id: self.pings, sent_at: now, open: true });
        vec![if self.current.two_way {
            Action::Send(ClientFrame::Ping { id: self.pings })
        } else {
            Action::Probe
        }]
    }
}

/// The transport to fall back to from this one: the next of the catalog that may be tried without being asked for.
fn after(entry: &'static Entry) -> &'static Entry {
    let mut rest =
        CATALOG.iter().copied().skip_while(|one| one.id != entry.id).skip(1).chain(CATALOG.iter().copied());
    rest.find(|one| one.fallback).unwrap_or(CATALOG[0])
}
