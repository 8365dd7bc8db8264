//! Joins of namespaces, and the position at which each begins to read the log.

use std::{borrow::Cow, slice, sync::Arc};

use common::frame::{ByeReason, Verdict};
use fanout::{SubscribeError, SubscribeOptions, Subscription, TopicKind};
use serde_json::json;
use tokio::time::Instant;

use super::{
    auth::Auth,
    feed::{Feed, RecoveryGuard},
    raw_feed::RawFeed,
    recovery::{Pid, RecoveryState, RecoveryStore, ReplayDebt},
    turned_away::{TurnedAway, TurnedAwayPlace},
};
use crate::{
    connections::ConnectionStats,
    gate::{ApiRejection, Permit, authorize, readable, still_authorized},
    live::Live,
    socketio::{
        engine::{NoRandomness, random},
        sockets::{Application, ConnectError, Joined, MAIN},
    },
};

/// The state that all connections share.
pub(in crate::socketio) struct BridgeState {
    pub(in crate::socketio) live: Live,
    recovery: RecoveryStore,
}

impl BridgeState {
    pub(in crate::socketio) fn new(live: Live) -> Self {
        Self { live, recovery: RecoveryStore::default() }
    }
}

/// The application behind one connection.
pub(in crate::socketio) struct LogBridge {
    shared: Arc<BridgeState>,
    entrance: AdmissionOutcome,
}

/// The outcome of a connection's admission.
pub(in crate::socketio) enum AdmissionOutcome {
    /// The connection holds a permit.
    Admitted(Permit),
    /// The client is to be told when to come back.
    TurnedAway { _place: TurnedAwayPlace },
}

impl AdmissionOutcome {
    fn permit(&self) -> Option<&Permit> {
        match self {
            Self::Admitted(permit) => Some(permit),
            Self::TurnedAway { .. } => None,
        }
    }
}

/// The reason for which a namespace is not joined.
enum JoinError {
    Refused(ApiRejection),
    /// The namespace cannot be joined now; later it can.
    Later(ByeReason),
}

impl From<ApiRejection> for JoinError {
    fn from(refusal: ApiRejection) -> Self {
        Self::Refused(refusal)
    }
}

impl From<SubscribeError> for JoinError {
    fn from(error: SubscribeError) -> Self {
        match error {
            SubscribeError::Closed => Self::Later(ByeReason::Shutdown),
            SubscribeError::LogFull(_) => Self::Later(ByeReason::LogFull),
            error => Self::Refused(error.into()),
        }
    }
}

impl From<NoRandomness> for JoinError {
    fn from(_: NoRandomness) -> Self {
        Self::Later(ByeReason::TooManyConnections)
    }
}

impl LogBridge {
    pub(in crate::socketio) fn new(shared: Arc<BridgeState>, entrance: AdmissionOutcome) -> Self {
        Self { shared, entrance }
    }

    fn open(&self, namespace: &str, auth: Option<&str>, now: Instant) -> Result<Joined, JoinError> {
        let Some(permit) = self.entrance.permit() else {
            return Err(JoinError::Later(ByeReason::TooManyConnections));
        };
        let stats = permit.stats();
        if stats.take_disconnect() {
            return Err(JoinError::Later(ByeReason::Ended));
        }
        let hub = &self.shared.live.hub;
        if let Some(plain) = self.shared.live.raw_namespaces.iter().find(|plain| plain.namespace == namespace)
        {
            authorize(&self.shared.live, stats.principal(), slice::from_ref(&plain.topic))?;
            let feed = RawFeed::open(plain, hub, stats)?;
            still_authorized(stats)?;
            return Ok(Joined { sid: random()?, pid: None, socket: Box::new(feed) });
        }
        let kind = namespace.strip_prefix('/').filter(|kind| !kind.is_empty());
        let mut auth = Auth::read(auth, kind)?;
        if let Cow::Owned(topics) = readable(&self.shared.live, stats.principal(), &auth.topics)? {
            if topics.is_empty() {
                authorize(&self.shared.live, stats.principal(), &auth.topics)?;
            }
            auth.snapshot.retain(|topic| topics.contains(topic));
            auth.topics = topics;
        }
        let ResumePoint { subscription, state, pid } = match self.resume(namespace, &auth, stats, now)? {
            Some(place) => place,
            None => self.begin(namespace, &auth, stats)?,
        };
        still_authorized(stats)?;
        let (sid, began_at) = (state.sid.clone(), state.began_at);
        let recovery = self.shared.recovery.clone();
        let token = recovery.register(pid.clone(), state);
        let told = pid.to_string();
        let recovery_guard = RecoveryGuard { pid, token, recovery };
        let (live, stats) = (self.shared.live.clone(), Arc::clone(stats));
        let feed = Feed::new(live, subscription, kind, recovery_guard, began_at, stats);
        Ok(Joined { sid, pid: Some(told), socket: Box::new(feed) })
    }

    /// Resumes a client: it goes on where it was, as who it was, if nothing is lost; else `None`.
    fn resume(
        &self,
        namespace: &str,
        auth: &Auth,
        stats: &ConnectionStats,
        now: Instant,
    ) -> Result<Option<ResumePoint>, JoinError> {
        let Some(pid) = auth.pid.clone() else { return Ok(None) };
        let (pid, sid, topics, place) =
            match self.shared.recovery.claim(&pid, namespace, stats.principal(), now) {
                Some(state) => {
                    let Some(place) = state.place(auth.offset) else { return Ok(None) };
                    (pid, state.sid, state.topics, place)
                }
                // It is not remembered, but it says itself what it followed, and the log knows the rest. A name that is another's stays
                // with that one.
                None => match auth.offset {
                    Some(offset) if !auth.topics.is_empty() && auth.snapshot.is_empty() => {
                        let pid = if self.shared.recovery.has(&pid) { Pid::new()? } else { pid };
                        (pid, random()?, auth.topics.clone(), offset)
                    }
                    _ => return Ok(None),
                },
            };
        authorize(&self.shared.live, stats.principal(), &topics)?;
        let attach = SubscribeOptions { topics: topics.clone(), since: Some(place), snapshot: Vec::new() };
        let subscription = self.shared.live.hub.subscribe_as(stats.id(), &attach)?;
        // A subscription without topics has lost nothing of them, but a place of another life is not one to go on from. One that another
        // node has told, and this one has not yet, is.
        let ours = subscription.is_behind_client() || self.shared.live.hub.head().covers(place);
        if subscription.verdict() != Verdict::Resumed || !ours {
            return Ok(None);
        }
        let owner = Arc::clone(stats.principal());
        let state =
            RecoveryState { owner, sid, namespace: namespace.into(), topics, began_at: place, debt: None };
        Ok(Some(ResumePoint { subscription, state, pid }))
    }

    fn begin(&self, namespace: &str, auth: &Auth, stats: &ConnectionStats) -> Result<ResumePoint, JoinError> {
        let since = auth.offset.or(auth.since);
        // The head is read before the subscription opens: entries in between are delivered, and are not older than
        // this.
        let head = self.shared.live.hub.head();
        let attach = SubscribeOptions { topics: auth.topics.clone(), since, snapshot: auth.snapshot.clone() };
        let subscription = self.shared.live.hub.subscribe_as(stats.id(), &attach)?;
        let began_at = since.unwrap_or(head);
        let debt = begins_in_the_past(&subscription, !auth.snapshot.is_empty()).then(|| ReplayDebt {
            behind: began_at,
            first: auth.offset.is_none(),
            told: false,
            pinged: false,
        });
        let state = RecoveryState {
            owner: Arc::clone(stats.principal()),
            sid: random()?,
            namespace: namespace.into(),
            topics: auth.topics.clone(),
            began_at,
            debt,
        };
        Ok(ResumePoint { subscription, state, pid: Pid::new()? })
    }

    /// Reports that there is such a namespace: the main one, and one for each kind of topic that the policies allow.
    fn knows(&self, namespace: &str) -> bool {
        let plain = self.shared.live.raw_namespaces.iter().any(|plain| plain.namespace == namespace);
        let kind = namespace.strip_prefix('/').unwrap_or_default();
        let rules = &self.shared.live.hub.settings().policies;
        let of_kind = |rule: &fanout::TopicPolicy| matches!(rule.pattern.kind(), known if known == kind || known == "*");
        plain || namespace == MAIN || rules.iter().any(of_kind)
    }
}

/// The position and the state with which a client joins.
struct ResumePoint {
    subscription: Subscription,
    state: RecoveryState,
    pid: Pid,
}

/// Reports that the subscription begins with entries behind its position.
fn begins_in_the_past(subscription: &Subscription, snapshot: bool) -> bool {
    let newcomer = subscription.verdict() == Verdict::New;
    snapshot || (newcomer && subscription.topics().any(|(_, kind)| kind != TopicKind::Log))
}

impl Application for LogBridge {
    fn stats(&self) -> Option<&ConnectionStats> {
        self.entrance.permit().map(|permit| &**permit.stats())
    }

    fn join(&mut self, namespace: &str, auth: Option<&str>, now: Instant) -> Result<Joined, ConnectError> {
        if !self.knows(namespace) {
            return Err(ConnectError::unknown());
        }
        match self.open(namespace, auth, now) {
            Ok(joined) => Ok(joined),
            Err(JoinError::Later(reason)) => {
                let Live { hub, pace, .. } = &self.shared.live;
                let later = fanout::Disconnect { reason, retry_ms: pace.retry_ms() };
                let bye = if reason == ByeReason::Shutdown {
                    hub.shutdown_disconnect().unwrap_or(later)
                } else {
                    later
                };
                Ok(Joined { sid: "none".into(), pid: None, socket: Box::new(TurnedAway(bye)) })
            }
            Err(JoinError::Refused(refusal)) => {
                let error = refusal.error();
                let mut data = json!({ "code": error.code, "status": refusal.status().as_u16() });
                if let Some(limit) = error.limit {
                    data["limit"] = json!(limit.name);
                    data["max"] = json!(limit.max);
                }
                Err(ConnectError { message: error.message.clone(), data: Some(data) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use access::{Action, Authorizer, Denied, Principal};
    use common::{
        Epoch, Topic,
        message::{ClientMessage, Receipt, Rejection},
        role::Role,
    };
    use fanout::{Hub, Retention, Settings, SystemClock, TopicPolicy};
    use futures_util::future::{BoxFuture, pending};

    use super::*;
    use crate::{
        catalog::CATALOG,
        gate::{Admission, Limits},
        inbound::{InboundHandler, MessageSource},
        live::Pace,
    };

    /// Takes the rights away right after it has granted them, when there is no subscription yet that could be ended.
    #[derive(Debug)]
    struct Fickle;

    impl Authorizer for Fickle {
        fn may(&self, principal: &Principal, _: Action, _: Option<&Topic>) -> Result<(), Denied> {
            principal.revoke();
            Ok(())
        }
    }

    #[derive(Debug)]
    struct Deaf;

    impl InboundHandler for Deaf {
        fn handle(
            &self,
            _: ClientMessage,
            _: MessageSource,
        ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
            Box::pin(pending())
        }
    }

    fn live() -> Live {
        let policy = TopicPolicy {
            pattern: "log/*".parse().expect("a pattern"),
            kind: TopicKind::Log,
            retention: Retention::entries(10),
        };
        let hub = Hub::new(Settings {
            clock: Arc::new(SystemClock),
            epoch: Epoch(1),
            policies: vec![policy],
            publication_bytes: 1 << 20,
            topics_per_subscription: 64,
            topics: 1000,
            bytes: 1 << 30,
        });
        let limits = Limits {
            connections: 0,
            connections_per_address: 0,
            message_bytes: 0,
            messages_per_second: 0,
            stall: Duration::from_secs(60),
        };
        let second = Duration::from_secs(1);
        Live {
            admission: Admission::new(limits, Arc::clone(hub.clock())),
            hub,
            authorizer: Arc::new(Fickle),
            pace: Arc::new(Pace { heartbeat: second, retry: second, max_age: None }),
            inbound: Arc::new(Deaf),
            compression: false,
            raw_namespaces: Arc::default(),
        }
    }

    #[tokio::test]
    async fn whoever_loses_rights_while_it_joins_is_not_joined() {
        let live = live();
        for auth in [
            r#"{"topics":["log/a"]}"#,
            r#"{"topics":["log/a"],"pid":"0123456789abcdefghijklmn","offset":"1-0"}"#,
        ] {
            let principal = Arc::new(Principal::person(1, "kim", Role::Viewer, 1));
            let peer = ([192, 0, 2, 1], 1).into();
            let stats = live.admission.stats(peer, principal, CATALOG[0]);
            let permit = live.admission.admit(&stats).expect("there is room");
            let state = Arc::new(BridgeState::new(live.clone()));
            let mut bridge = LogBridge::new(state, AdmissionOutcome::Admitted(permit));
            let joined = bridge.join(MAIN, Some(auth), Instant::now());
            assert!(joined.is_err(), "{auth}");
            let notice = live.disconnect_notice();
            assert_eq!(live.hub.disconnect(stats.id(), notice), 0, "no subscription is left");
        }
    }
}
