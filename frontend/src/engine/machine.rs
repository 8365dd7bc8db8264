//! The machine itself: what people and the passing of time make it do.

mod incoming;
mod pacing;
mod probing;
mod sending;
mod sharing;
mod upgrading;
mod view;
mod waking;

use app::ports::{Notice, SendOutcome, TransportFault};
use common::{
    ClientMessage, MessageId, Topic,
    frame::{ClientFrame, Event, Verdict},
};
use transports::{browser::SubscribeRequest, catalog::Entry};

use super::{
    backoff::Backoff, close_reason::CloseReason, health::Health, outbox::Outbox, pacing::Pacing, role::Role,
    topics::Topics, transport_selector::TransportSelector, upgrade_probe::UpgradeProbe,
};

/// An action for the owner of the engine.
#[derive(Debug)]
pub enum Action {
    /// Close the line there is, and one that is being tried, and open one of this transport.
    Open(&'static Entry, SubscribeRequest),
    /// Close the line, and one that is being tried.
    Close,
    /// Open one of this transport beside the line there is, instead of one that is being tried; what it says goes to
    /// [`Engine::tried`] alone.
    Try(&'static Entry, SubscribeRequest),
    /// Close the one that is being tried.
    EndTry,
    /// Ask, by a plain request, what the address of this transport answers; tell [`Engine::examined`].
    Examine(&'static Entry),
    /// Ask for the page anew: whoever reads it is somebody else now, or may read something else.
    Reload,
    /// Send a frame up the line.
    Send(ClientFrame),
    /// Send a message by a request of its own; answer with [`Engine::posted`].
    Post(ClientMessage),
    /// Tell whoever sent this message what became of it.
    ReportOutcome(MessageId, SendOutcome),
    /// Ask the server, by a plain request, whether it can be reached; answer with [`Engine::probed`].
    Probe,
    /// Give an event to those who watch its topic.
    Deliver(Event),
    /// Tell people.
    Tell(Notice),
}

/// The settings of an engine.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The transport that the reader has pinned; without one the page uses the first that gets through.
    pub pinned: Option<&'static Entry>,
    /// Recalls the transport that carried a page of this browser the last time that it was on this network.
    pub remembered: fn() -> Option<&'static Entry>,
    /// The page's role among the tabs of its browser.
    pub role: Role,
    /// A random number from 0 to 1.
    pub random: fn() -> f64,
}

/// One line for the page.
#[derive(Debug)]
pub struct Engine {
    random: fn() -> f64,
    topics: Topics,
    outbox: Outbox,
    selector: TransportSelector,
    remembered: fn() -> Option<&'static Entry>,
    upgrade_probe: UpgradeProbe,
    role: Role,
    /// Another tab was taken in that is to be told from its own place: the line is opened anew from there.
    behind: bool,
    /// The line was opened anew for another tab's sake: nothing that it begins with concerns this page.
    for_another: bool,
    /// True if the server has sent the connection's cursor.
    placed: bool,
    /// The server's verdict about the time before the connection.
    verdict: Verdict,
    /// The number of connections that were welcomed.
    lines: u32,
    phase: Phase,
    backoff: Backoff,
    shown: bool,
    /// When it was shown the last time.
    shown_at: f64,
    pacing: Pacing,
    /// True if the browser reports a network.
    online: bool,
    /// True if the connection being opened replaces a healthy one: readers are to see no change.
    seamless: bool,
    heard_at: f64,
    heartbeat_ms: f64,
    /// When the page was last told everything, while it is not.
    lost_at: Option<f64>,
    retry_ms: Option<f64>,
    /// Why the server said that it ends the line.
    close_reason: CloseReason,
    /// When the page woke, while it is not known whether its line outlived the sleep.
    woke_at: Option<f64>,
    /// The last measurement of the round trip on this line.
    ping: Option<Ping>,
    pings: u32,
    round_trip_ms: Option<f64>,
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

/// The wait after a close code that says that trying again does not help.
const UNFIT_MS: f64 = 30_000.0;
/// The round trip is measured this often.
const PING_MS: f64 = 10_000.0;

impl Engine {
    /// An engine at rest.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            random: settings.random,
            topics: Topics::default(),
            outbox: Outbox::new(),
            selector: TransportSelector::of(settings.role, settings.pinned, settings.remembered),
            remembered: settings.remembered,
            upgrade_probe: UpgradeProbe::default(),
            role: settings.role,
            behind: false,
            for_another: false,
            placed: false,
            verdict: Verdict::New,
            lines: 0,
            phase: Phase::Idle,
            backoff: Backoff::new(),
            shown: true,
            shown_at: 0.0,
            pacing: Pacing::default(),
            online: true,
            seamless: false,
            heard_at: 0.0,
            heartbeat_ms: 15_000.0,
            lost_at: None,
            retry_ms: None,
            close_reason: CloseReason::default(),
            woke_at: None,
            ping: None,
            pings: 0,
            round_trip_ms: None,
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
        let mut actions = self.pace(now);
        actions.extend(self.settle_topics(now));
        actions
    }

    fn settle_topics(&mut self, now: f64) -> Vec<Action> {
        match self.phase {
            Phase::Idle if !self.topics.is_empty() && self.role != Role::Unknown => self.open(now),
            Phase::Idle | Phase::Waiting(_) | Phase::Stopped => vec![],
            Phase::Opening(_) | Phase::Open if self.topics.is_empty() => {
                self.rest(Phase::Idle);
                vec![Action::Close]
            }
            Phase::Opening(_) | Phase::Open if self.behind => self.open(now),
            // A line that will take changes is not given up for one: it takes it when it is open.
            Phase::Opening(_) if self.selector.current().two_way => vec![],
            Phase::Opening(_) | Phase::Open => self.change_topics(now),
        }
    }

    fn change_topics(&mut self, now: f64) -> Vec<Action> {
        let Some(change) = self.topics.change() else { return vec![] };
        if !self.selector.current().two_way {
            // A one-way line is asked for its topics once: it is opened anew from where it was.
            return self.open(now);
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
        if matches!(self.phase, Phase::Waiting(_)) { self.open(now) } else { vec![] }
    }

    /// A person pinned a transport, or leaves the choice to the page.
    pub fn pin(&mut self, pinned: Option<&'static Entry>, now: f64) -> Vec<Action> {
        let before = self.selector.current();
        self.selector.pin(pinned);
        self.upgrade_probe = UpgradeProbe::default();
        if before.id == self.selector.current().id && self.phase == Phase::Open {
            // It is the one in use: nothing has to change.
            return vec![];
        }
        self.round_trip_ms = None;
        match self.phase {
            Phase::Opening(_) | Phase::Open | Phase::Waiting(_) => self.open(now),
            Phase::Idle | Phase::Stopped => vec![],
        }
    }

    /// The page is shown or hidden.
    pub fn show(&mut self, shown: bool, now: f64) -> Vec<Action> {
        self.shown = shown;
        self.pacing.show(shown, now);
        if !shown {
            return vec![];
        }
        self.shown_at = now;
        let mut actions = self.pace(now);
        actions.extend(self.wake(now));
        actions
    }

    /// The browser says whether it has a network. A socket may outlive a network that is gone, so it is given up.
    pub fn network(&mut self, online: bool, now: f64) -> Vec<Action> {
        self.online = online;
        if !online {
            return self.lose(TransportFault::Cut, now);
        }
        // Another network may let through what the last one did not.
        self.selector.forget_network();
        self.upgrade_probe.hurry(now);
        if matches!(self.phase, Phase::Waiting(_)) {
            self.selector.start_over();
        }
        self.retry(now)
    }

    fn lose(&mut self, fault: TransportFault, now: f64) -> Vec<Action> {
        let welcomed = self.phase == Phase::Open;
        if !matches!(self.phase, Phase::Open | Phase::Opening(_)) {
            return vec![];
        }
        self.woke_at = None;
        self.ping = None;
        self.upgrade_probe.stop();
        let is_final = matches!(fault, TransportFault::Closed(code) if !common::close::is_retryable(code));
        let by_message = self.outbox.lost_line(is_final);
        let seamless = std::mem::take(&mut self.seamless);
        // A server that says bye lets the transport through.
        let asked_to_wait = self.retry_ms.take();
        self.close_reason.end_line();
        if welcomed || seamless {
            self.lost_at.get_or_insert(self.heard_at);
        } else if asked_to_wait.is_none() && self.online {
            self.selector.failed(fault);
        }
        let mut wait = self.backoff.fail(self.shown, (self.random)());
        wait = asked_to_wait.map_or(wait, |asked| asked.max(wait));
        if is_final && !by_message {
            self.selector.blame(fault);
            // Something about this page is wrong, and will be the next time: no hurry.
            wait = wait.max(UNFIT_MS);
        }
        self.phase = Phase::Waiting(now + wait);
        let mut actions = vec![Action::Close];
        if self.selector.is_blocked() {
            actions.push(Action::Probe);
        }
        actions
    }

    /// Some time has passed: call it at [`Engine::deadline`].
    pub fn tick(&mut self, now: f64) -> Vec<Action> {
        match self.phase {
            Phase::Open if self.pace_due_at() <= now => self.pace(now),
            Phase::Waiting(until) if now >= until => self.open(now),
            Phase::Opening(since) if now - since >= self.selector.patience_ms() => {
                self.lose(TransportFault::Silent, now)
            }
            Phase::Open if self.health(now).0 == Health::Dead => self.lose(TransportFault::Silent, now),
            Phase::Open if self.outlived_by() <= now => self.lose_and_retry(now),
            Phase::Open if self.measured_at() + PING_MS <= now => self.measure(now),
            Phase::Open if self.trial_deadline() <= now => self.try_better(now),
            _ => vec![],
        }
    }

    fn open(&mut self, now: f64) -> Vec<Action> {
        self.seamless = match self.phase {
            Phase::Open => true,
            Phase::Opening(_) => self.seamless,
            _ => false,
        };
        self.phase = Phase::Opening(now);
        self.pacing.end(now);
        self.for_another = std::mem::take(&mut self.behind) && self.seamless;
        if !self.seamless {
            self.heard_at = now;
        }
        self.ping = None;
        self.upgrade_probe.stop();
        self.outbox.left_line();
        let mut actions = vec![Action::Open(self.selector.current(), self.topics.ask())];
        if self.selector.wonders() {
            actions.push(Action::Probe);
        }
        actions
    }

    fn rest(&mut self, phase: Phase) {
        self.phase = phase;
        self.pacing.end(0.0);
        self.backoff.succeed();
        self.selector.start_over();
        self.upgrade_probe = UpgradeProbe::default();
        self.lost_at = None;
        self.retry_ms = None;
        self.close_reason = CloseReason::default();
        self.outbox.left_line();
        self.topics.change();
    }

    fn measure(&mut self, now: f64) -> Vec<Action> {
        if self.selector.is_shared() {
            return vec![];
        }
        self.pings = self.pings.wrapping_add(1);
        self.ping = Some(Ping { id: self.pings, sent_at: now, open: true });
        vec![if self.selector.current().two_way {
            Action::Send(ClientFrame::Ping { id: self.pings })
        } else {
            Action::Probe
        }]
    }
}
