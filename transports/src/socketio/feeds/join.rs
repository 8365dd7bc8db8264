//! Who gets into which namespace, and where in the log it begins.

use std::sync::Arc;

use common::frame::{ByeReason, Verdict};
use hub::{SubscribeError, SubscribeOptions, Subscription};
use serde_json::json;
use tokio::time::Instant;

use super::{
    auth::Auth,
    feed::{Feed, Membership, begins_in_the_past},
    plain::{Plain, PlainFeed},
    recovery::{Memory, Owed, Pid, Recovery},
    turned_away::{TurnedAway, TurnedAwayPlace},
};
use crate::{
    gate::{Permit, Refusal},
    live::Live,
    roster::Meter,
    socketio::{
        engine::{NoRandomness, random},
        sockets::{Application, Joined, MAIN, Refused},
    },
};

/// What all connections have in common.
pub(in crate::socketio) struct Shared {
    pub(in crate::socketio) live: Live,
    plain: Vec<Plain>,
    recovery: Recovery,
}

impl Shared {
    pub(in crate::socketio) fn new(live: Live, plain: Vec<Plain>) -> Self {
        Self { live, plain, recovery: Recovery::default() }
    }
}

/// What stands behind one connection.
pub(in crate::socketio) struct Feeds {
    shared: Arc<Shared>,
    entrance: Entrance,
}

/// How a connection was let in.
pub(in crate::socketio) enum Entrance {
    /// With a place among those that may stay.
    Admitted(Permit),
    /// To be told when to come back.
    TurnedAway { _place: TurnedAwayPlace },
}

impl Entrance {
    fn permit(&self) -> Option<&Permit> {
        match self {
            Self::Admitted(permit) => Some(permit),
            Self::TurnedAway { .. } => None,
        }
    }
}

/// Why a namespace is not granted.
enum Unjoined {
    Refused(Refusal),
    /// It cannot be met now; later it can.
    Later(ByeReason),
}

impl From<Refusal> for Unjoined {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<SubscribeError> for Unjoined {
    fn from(error: SubscribeError) -> Self {
        match error {
            SubscribeError::Closed => Self::Later(ByeReason::Shutdown),
            SubscribeError::LogFull(_) => Self::Later(ByeReason::LogFull),
            error => Self::Refused(error.into()),
        }
    }
}

impl From<NoRandomness> for Unjoined {
    fn from(_: NoRandomness) -> Self {
        Self::Later(ByeReason::TooManyConnections)
    }
}

impl Feeds {
    pub(in crate::socketio) fn new(shared: Arc<Shared>, entrance: Entrance) -> Self {
        Self { shared, entrance }
    }

    fn open(&self, namespace: &str, auth: Option<&str>, now: Instant) -> Result<Joined, Unjoined> {
        let Some(permit) = self.entrance.permit() else {
            return Err(Unjoined::Later(ByeReason::TooManyConnections));
        };
        let meter = permit.meter();
        if meter.take_kick() {
            return Err(Unjoined::Later(ByeReason::Ended));
        }
        let hub = &self.shared.live.hub;
        if let Some(plain) = self.shared.plain.iter().find(|plain| plain.namespace == namespace) {
            let feed = PlainFeed::open(plain, hub, meter)?;
            return Ok(Joined { sid: random()?, pid: None, socket: Box::new(feed) });
        }
        let kind = namespace.strip_prefix('/').filter(|kind| !kind.is_empty());
        let auth = Auth::read(auth, kind)?;
        let Place { session, memory, pid } = match self.resume(namespace, &auth, meter, now)? {
            Some(place) => place,
            None => self.begin(namespace, &auth, meter)?,
        };
        let (sid, began_at) = (memory.sid.clone(), memory.began_at);
        let recovery = self.shared.recovery.clone();
        let ticket = recovery.enter(pid.clone(), memory);
        let told = pid.to_string();
        let membership = Membership { pid, ticket, recovery };
        let (live, meter) = (self.shared.live.clone(), Arc::clone(meter));
        let feed = Feed::new(live, session, kind, membership, began_at, meter);
        Ok(Joined { sid, pid: Some(told), socket: Box::new(feed) })
    }

    /// A client that was here: it goes on where it was, as who it was, if nothing is lost; else `None`.
    fn resume(
        &self,
        namespace: &str,
        auth: &Auth,
        meter: &Meter,
        now: Instant,
    ) -> Result<Option<Place>, Unjoined> {
        let Some(pid) = auth.pid.clone() else { return Ok(None) };
        let (sid, topics, place) = match self.shared.recovery.claim(&pid, namespace, now) {
            Some(memory) => {
                let Some(place) = memory.place(auth.offset) else { return Ok(None) };
                (memory.sid, memory.topics, place)
            }
            // It is not remembered, but it says itself what it followed, and the log knows the rest.
            None => match auth.offset {
                Some(offset) if !auth.topics.is_empty() && auth.snapshot.is_empty() => {
                    (random()?, auth.topics.clone(), offset)
                }
                _ => return Ok(None),
            },
        };
        let attach = SubscribeOptions { topics: topics.clone(), since: Some(place), snapshot: Vec::new() };
        let session = self.shared.live.hub.subscribe_as(meter.id(), &attach)?;
        // A session without topics has lost nothing of them, but a place of another life is not one to go on from.
        let head = self.shared.live.hub.head();
        let ours = place.epoch == head.epoch && place.seq <= head.seq;
        if session.verdict() != Verdict::Resumed || !ours {
            return Ok(None);
        }
        let memory = Memory { sid, namespace: namespace.into(), topics, began_at: place, owed: None };
        Ok(Some(Place { session, memory, pid }))
    }

    fn begin(&self, namespace: &str, auth: &Auth, meter: &Meter) -> Result<Place, Unjoined> {
        let since = auth.offset.or(auth.since);
        // Before the session opens: what comes in between is told, and is not older than this.
        let head = self.shared.live.hub.head();
        let attach = SubscribeOptions { topics: auth.topics.clone(), since, snapshot: auth.snapshot.clone() };
        let session = self.shared.live.hub.subscribe_as(meter.id(), &attach)?;
        let began_at = since.unwrap_or(head);
        let owed = begins_in_the_past(&session, !auth.snapshot.is_empty()).then(|| Owed {
            behind: began_at,
            first: auth.offset.is_none(),
            told: false,
            pinged: false,
        });
        let memory = Memory {
            sid: random()?,
            namespace: namespace.into(),
            topics: auth.topics.clone(),
            began_at,
            owed,
        };
        Ok(Place { session, memory, pid: Pid::new()? })
    }

    /// Whether there is such a namespace: the main one, and one for each kind of topic that there may be.
    fn knows(&self, namespace: &str) -> bool {
        let plain = self.shared.plain.iter().any(|plain| plain.namespace == namespace);
        let kind = namespace.strip_prefix('/').unwrap_or_default();
        let rules = &self.shared.live.hub.settings().policies;
        let of_kind =
            |rule: &hub::TopicPolicy| matches!(rule.pattern.kind(), known if known == kind || known == "*");
        plain || namespace == MAIN || rules.iter().any(of_kind)
    }
}

/// Where a client begins.
struct Place {
    session: Subscription,
    memory: Memory,
    pid: Pid,
}

impl Application for Feeds {
    fn meter(&self) -> Option<&Meter> {
        self.entrance.permit().map(|permit| &**permit.meter())
    }

    fn join(&mut self, namespace: &str, auth: Option<&str>, now: Instant) -> Result<Joined, Refused> {
        if !self.knows(namespace) {
            return Err(Refused::unknown());
        }
        match self.open(namespace, auth, now) {
            Ok(joined) => Ok(joined),
            Err(Unjoined::Later(reason)) => {
                let Live { hub, pace, .. } = &self.shared.live;
                let later = hub::Disconnect { reason, retry_ms: pace.retry_ms() };
                let bye = if reason == ByeReason::Shutdown {
                    hub.shutdown_disconnect().unwrap_or(later)
                } else {
                    later
                };
                Ok(Joined { sid: "none".into(), pid: None, socket: Box::new(TurnedAway(bye)) })
            }
            Err(Unjoined::Refused(refusal)) => {
                let error = refusal.error();
                let data = json!({ "code": error.code, "status": refusal.status().as_u16() });
                Err(Refused { message: error.message.clone(), data: Some(data) })
            }
        }
    }
}
