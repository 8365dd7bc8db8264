//! The Engine.IO sessions on HTTP long-polling, by their ids (`sid`). Those on a WebSocket need no table, for their connection is their
//! name; of those that upgraded, the id is kept to tell latecomers so.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Weak},
    time::Duration,
};

use access::Principal;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{application::EngineApplication, session::Session};

/// The sessions on long-polling.
pub(super) struct SessionTable<A> {
    table: Mutex<SessionMap<A>>,
    /// The most sessions; 0 for no limit.
    limit: usize,
    /// The time for which a session may be without a request.
    patience: Duration,
}

struct SessionMap<A> {
    sessions: HashMap<String, OwnedSession<A>>,
    /// Sessions that have changed over to a WebSocket and live.
    upgraded: HashSet<String>,
    /// The task that removes stale sessions runs.
    sweeping: bool,
}

/// A session, and on whose behalf it was opened.
struct OwnedSession<A> {
    session: Arc<Session<A>>,
    owner: Arc<Principal>,
}

/// The state of a session's id.
pub(super) enum SessionLookup<A> {
    /// A session on long-polling.
    Session(Arc<Session<A>>),
    /// The session has upgraded to a WebSocket.
    Upgraded,
}

/// The interval at which stale sessions are removed. Requests find out by themselves; this gives memory back.
const SWEEP: Duration = Duration::from_secs(1);

impl<A: EngineApplication> SessionTable<A> {
    pub(super) fn new(limit: usize, patience: Duration) -> Arc<Self> {
        let table = SessionMap { sessions: HashMap::new(), upgraded: HashSet::new(), sweeping: false };
        Arc::new(Self { table: Mutex::new(table), limit, patience })
    }

    /// Enters a session; `false` where there is no room.
    pub(super) fn insert(
        self: &Arc<Self>,
        sid: String,
        session: Arc<Session<A>>,
        owner: Arc<Principal>,
    ) -> bool {
        let mut table = self.table.lock();
        if self.limit > 0 && table.sessions.len() >= self.limit {
            return false;
        }
        table.sessions.insert(sid, OwnedSession { session, owner });
        if !std::mem::replace(&mut table.sweeping, true) {
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
        true
    }

    /// Finds the session of an id, if a request may still name it and comes from whoever opened it.
    pub(super) fn find(&self, sid: &str, principal: &Principal, now: Instant) -> Option<SessionLookup<A>> {
        let session = {
            let table = self.table.lock();
            if table.upgraded.contains(sid) {
                return Some(SessionLookup::Upgraded);
            }
            let found = table.sessions.get(sid).filter(|found| found.owner.is_same_as(principal))?;
            Arc::clone(&found.session)
        };
        if session.is_known(now) {
            return Some(SessionLookup::Session(session));
        }
        self.remove(sid);
        None
    }

    /// A session leaves for a WebSocket; its id stays known until the guard is dropped.
    pub(super) fn upgrade(self: &Arc<Self>, sid: String) -> Upgraded<A> {
        let mut table = self.table.lock();
        let left = table.sessions.remove(&sid);
        table.upgraded.insert(sid.clone());
        drop(table);
        drop(left);
        Upgraded { sid, sessions: Arc::clone(self) }
    }

    pub(super) fn remove(&self, sid: &str) {
        let forgotten = self.table.lock().sessions.remove(sid);
        // Outside of the lock: an application may do much when it is dropped.
        drop(forgotten);
    }

    /// Removes stale sessions, and reports that some are left.
    fn sweep(&self, now: Instant) -> bool {
        let known = |(sid, owned): (&String, &OwnedSession<A>)| (sid.clone(), Arc::clone(&owned.session));
        let all: Vec<_> = self.table.lock().sessions.iter().map(known).collect();
        for (sid, session) in all {
            if session.is_stale(now, self.patience) {
                self.remove(&sid);
            }
        }
        let mut table = self.table.lock();
        if table.sessions.is_empty() {
            table.sessions.shrink_to_fit();
            table.sweeping = false;
        }
        table.sweeping
    }
}

/// The id of a session that has changed over, while it lives.
pub(super) struct Upgraded<A> {
    sid: String,
    sessions: Arc<SessionTable<A>>,
}

impl<A> Drop for Upgraded<A> {
    fn drop(&mut self) {
        self.sessions.table.lock().upgraded.remove(&self.sid);
    }
}

/// Runs while there are sessions.
async fn sweep<A: EngineApplication>(sessions: Weak<SessionTable<A>>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(sessions) = sessions.upgrade() else { return };
        if !sessions.sweep(Instant::now()) {
            return;
        }
    }
}
