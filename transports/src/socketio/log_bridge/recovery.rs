//! Connection state recovery: the identity and the topics of a client while it is away. The entries that it missed
//! are in the log.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Context,
    time::Duration,
};

use access::Principal;
use common::{Cursor, Topic};
use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::socketio::engine::{NoRandomness, random};

/// The name by which a client comes back. It cannot be guessed, since it speaks for the client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pid(Arc<str>);

impl Pid {
    pub(super) fn new() -> Result<Self, NoRandomness> {
        Ok(Self(random()?.into()))
    }

    /// A text that may be one.
    pub(super) fn read(text: &str) -> Option<Self> {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (text.len() == 24 && text.bytes().all(letter)).then(|| Self(text.into()))
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The recoverable state of a client.
#[derive(Debug, Clone)]
pub(super) struct RecoveryState {
    /// On whose behalf it was connected: nobody else comes back as this client.
    pub(super) owner: Arc<Principal>,
    pub(super) sid: String,
    pub(super) namespace: String,
    pub(super) topics: Vec<Topic>,
    /// The position at which it joined; its position while it has been given no later one.
    pub(super) began_at: Cursor,
    /// The entries that it may have missed although its position says nothing of them.
    pub(super) debt: Option<ReplayDebt>,
}

/// Entries older than the client's position (a present value, a snapshot) that were sent or are to be sent. Its
/// position cannot say how many of them have arrived, until it has moved on or a ping that went behind them was
/// answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReplayDebt {
    /// A client beyond this position has got them.
    pub(super) behind: Cursor,
    /// The client had no place before, so this one itself says enough.
    pub(super) first: bool,
    /// True once all of them were sent.
    pub(super) told: bool,
    /// True once a ping was sent after them.
    pub(super) pinged: bool,
}

impl RecoveryState {
    /// Returns the position from which a client that comes back with this offset goes on; `None` where that cannot be
    /// said for sure.
    pub(super) fn place(&self, offset: Option<Cursor>) -> Option<Cursor> {
        if let Some(debt) = &self.debt {
            let offset = offset.filter(|offset| offset.epoch == debt.behind.epoch)?;
            let is_beyond = offset.covers(debt.behind) && (debt.first || offset != debt.behind);
            if !is_beyond {
                return None;
            }
        }
        let later = |offset: Cursor| match offset.epoch.cmp(&self.began_at.epoch) {
            std::cmp::Ordering::Equal => !self.began_at.covers(offset),
            order => order.is_gt(),
        };
        Some(offset.filter(|offset| later(*offset)).unwrap_or(self.began_at))
    }
}

/// A client's part in the table while it is here.
#[derive(Debug)]
pub(super) struct RecoveryToken {
    state: Mutex<RecoveryState>,
    displaced: AtomicBool,
    waker: AtomicWaker,
}

impl RecoveryToken {
    /// Changes what will be remembered.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut RecoveryState) -> T) -> T {
        change(&mut self.state.lock())
    }

    /// Reports that the client has come back on another connection; otherwise the task is woken when it does.
    pub(super) fn is_displaced(&self, cx: &mut Context<'_>) -> bool {
        self.waker.register(cx.waker());
        self.displaced.load(Ordering::Acquire)
    }
}

/// The recoverable states of all clients, by pid.
#[derive(Debug, Clone, Default)]
pub(super) struct RecoveryStore(Arc<Mutex<RecoveryTable>>);

#[derive(Debug, Default)]
struct RecoveryTable {
    known: HashMap<Pid, RecoveryEntry>,
    /// The clients that left, the first to leave first. Some have come back since.
    left: VecDeque<(Instant, Pid)>,
}

#[derive(Debug)]
struct RecoveryEntry {
    token: Arc<RecoveryToken>,
    left_at: Option<Instant>,
}

/// The number of clients that are remembered while they are away.
const MOST: usize = 10_000;
/// The time for which they are remembered.
const FOR: Duration = Duration::from_secs(120);

impl RecoveryStore {
    /// Registers a client. It is remembered from now on, since its connection may break before the server notices.
    pub(super) fn register(&self, pid: Pid, state: RecoveryState) -> Arc<RecoveryToken> {
        let token = Arc::new(RecoveryToken {
            state: Mutex::new(state),
            displaced: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        });
        self.0.lock().known.insert(pid, RecoveryEntry { token: Arc::clone(&token), left_at: None });
        token
    }

    /// A client's line has broken.
    pub(super) fn release(&self, pid: &Pid, token: &Arc<RecoveryToken>, now: Instant) {
        let mut table = self.0.lock();
        if let Some(known) = table.known.get_mut(pid)
            && Arc::ptr_eq(&known.token, token)
        {
            known.left_at = Some(now);
            table.left.push_back((now, pid.clone()));
        }
        table.drop_old(now);
    }

    /// A client has left on purpose.
    pub(super) fn remove(&self, pid: &Pid, token: &Arc<RecoveryToken>) {
        let mut table = self.0.lock();
        if table.known.get(pid).is_some_and(|known| Arc::ptr_eq(&known.token, token)) {
            table.known.remove(pid);
        }
    }

    /// Reports that a client is remembered under this name.
    pub(super) fn has(&self, pid: &Pid) -> bool {
        self.0.lock().known.contains_key(pid)
    }

    /// A client comes back. Where its old line still seems to live, that is over now. A name that came to someone else says nothing.
    pub(super) fn claim(
        &self,
        pid: &Pid,
        namespace: &str,
        principal: &Principal,
        now: Instant,
    ) -> Option<RecoveryState> {
        let mut table = self.0.lock();
        table.drop_old(now);
        let known = table.known.get(pid)?;
        let is_theirs = {
            let state = known.token.state.lock();
            state.namespace == namespace && state.owner.is_same_as(principal)
        };
        if !is_theirs {
            return None;
        }
        let RecoveryEntry { token, left_at } = table.known.remove(pid)?;
        drop(table);
        if left_at.is_none() {
            token.displaced.store(true, Ordering::Release);
            token.waker.wake();
        }
        Some(token.update(|state| state.clone()))
    }
}

impl RecoveryTable {
    fn drop_old(&mut self, now: Instant) {
        while let Some((left_at, pid)) = self.left.front() {
            if self.left.len() <= MOST && now.saturating_duration_since(*left_at) < FOR {
                return;
            }
            if self.known.get(pid).is_some_and(|known| known.left_at == Some(*left_at)) {
                self.known.remove(pid);
            }
            self.left.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use common::{Epoch, Seq, role::Role};

    use super::*;

    fn at(seq: u64) -> Cursor {
        Cursor::new(Epoch(1), Seq(seq))
    }

    fn state(name: &str, debt: Option<ReplayDebt>) -> RecoveryState {
        let owner = Arc::new(Principal::anonymous());
        let (sid, namespace) = (name.into(), "/".into());
        RecoveryState { owner, sid, namespace, topics: Vec::new(), began_at: at(100), debt }
    }

    #[test]
    fn the_place_is_the_clients_own_if_it_has_one_since_it_came() {
        let state = state("a", None);
        assert_eq!(state.place(None), Some(at(100)));
        assert_eq!(state.place(Some(at(120))), Some(at(120)));
        assert_eq!(state.place(Some(at(90))), Some(at(100)), "from a connection before");
    }

    #[test]
    fn older_entries_that_may_not_have_arrived_make_it_unsure() {
        let debt = |first| Some(ReplayDebt { behind: at(110), first, told: true, pinged: false });
        assert_eq!(state("a", debt(true)).place(None), None);
        assert_eq!(state("a", debt(true)).place(Some(at(110))), Some(at(110)));
        assert_eq!(state("a", debt(false)).place(Some(at(110))), None);
        assert_eq!(state("a", debt(false)).place(Some(at(111))), Some(at(111)));
    }

    #[test]
    fn those_who_left_long_ago_or_before_ten_thousand_others_are_forgotten() {
        let recovery = RecoveryStore::default();
        let now = Instant::now();
        let mut pids = Vec::new();
        for n in 0..=MOST {
            let pid = Pid::new().expect("random numbers");
            let token = recovery.register(pid.clone(), state(&n.to_string(), None));
            recovery.release(&pid, &token, now);
            pids.push(pid);
        }
        let claim =
            |n: usize, at| recovery.claim(&pids[n], "/", &Principal::anonymous(), at).map(|state| state.sid);
        assert_eq!(claim(0, now), None);
        assert_eq!(claim(1, now), Some("1".into()));
        assert_eq!(claim(1, now), None, "once");
        assert_eq!(claim(MOST, now + FOR), None);
        assert!(recovery.0.lock().known.is_empty());
    }

    #[test]
    fn in_a_month_of_clients_that_do_not_come_back_it_does_not_grow() {
        let recovery = RecoveryStore::default();
        let mut now = Instant::now();
        for _ in 0..30 * 24 * 60 {
            let pid = Pid::new().expect("random numbers");
            let token = recovery.register(pid.clone(), state("a", None));
            recovery.release(&pid, &token, now);
            now += Duration::from_secs(60);
            let table = recovery.0.lock();
            assert!(table.known.len() <= 3 && table.left.len() <= 3);
        }
    }

    #[test]
    fn those_who_come_back_again_and_again_leave_nothing_behind() {
        let recovery = RecoveryStore::default();
        let (mut now, pid) = (Instant::now(), Pid::new().expect("random numbers"));
        for _ in 0..30 * 24 * 60 {
            let token = recovery.register(pid.clone(), state("a", None));
            recovery.release(&pid, &token, now);
            now += Duration::from_secs(10);
            assert!(recovery.claim(&pid, "/", &Principal::anonymous(), now).is_some());
            let table = recovery.0.lock();
            assert!(table.known.is_empty() && table.left.len() <= 13);
        }
    }

    #[test]
    fn a_name_that_came_to_someone_else_says_nothing() {
        let recovery = RecoveryStore::default();
        let pid = Pid::new().expect("random numbers");
        let person = |session| Principal::person(1, "kim", Role::Viewer, session);
        let mine = RecoveryState { owner: Arc::new(person(1)), ..state("a", None) };
        let token = recovery.register(pid.clone(), mine);
        for other in [Principal::anonymous(), person(2), Principal::person(2, "lee", Role::Admin, 1)] {
            assert!(recovery.claim(&pid, "/", &other, Instant::now()).is_none());
            assert!(!token.displaced.load(Ordering::Acquire) && recovery.has(&pid), "its line goes on");
        }
        assert!(recovery.claim(&pid, "/", &person(1), Instant::now()).is_some());
        assert!(!recovery.has(&pid));
    }

    #[test]
    fn whoever_comes_back_before_the_server_noticed_takes_the_others_place() {
        let recovery = RecoveryStore::default();
        let pid = Pid::new().expect("random numbers");
        let anyone = Principal::anonymous();
        let old = recovery.register(pid.clone(), state("a", None));
        assert_eq!(recovery.claim(&pid, "/other", &anyone, Instant::now()).map(|state| state.sid), None);
        assert!(recovery.claim(&pid, "/", &anyone, Instant::now()).is_some());
        assert!(old.displaced.load(Ordering::Acquire));
        let new = recovery.register(pid.clone(), state("a", None));
        recovery.release(&pid, &old, Instant::now());
        recovery.remove(&pid, &old);
        assert!(!new.displaced.load(Ordering::Acquire));
        assert!(
            recovery.claim(&pid, "/", &anyone, Instant::now()).is_some(),
            "the old one's end is not the new one's"
        );
    }
}
