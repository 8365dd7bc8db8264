//! One connection's view of the log: the topics it follows, and its place in each.

mod read;

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use common::{
    Cursor, Seq, Topic,
    frame::{GapReason, Verdict},
};

use crate::{
    bell::{Bell, Bye},
    error::AttachError,
    hub::{Hub, Start},
    publication::{Form, Publication},
    rule::Kind,
    topic::TopicState,
};

/// What a connection asks for when it opens.
#[derive(Debug, Clone, Default)]
pub struct Attach {
    /// The topics to follow.
    pub topics: Vec<Topic>,
    /// The last place seen, on whichever transport.
    pub since: Option<Cursor>,
    /// Those of `topics` to begin with all that the log still holds, whatever `since` says: a client that adds a
    /// topic while it reconnects has not seen it up to its cursor.
    pub snapshot: Vec<Topic>,
}

/// Something for the client.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// The next publication.
    Event(Arc<Publication>),
    /// Entries of these topics are gone; what is left follows.
    Gap(GapReason, Vec<Topic>),
}

/// How much to take at once: whichever bound is reached first, and always at least one entry.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// Entries.
    pub entries: usize,
    /// Bytes of payload.
    pub bytes: usize,
}

/// Where a session stands after it has taken a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All of its topics are told up to this place.
    CaughtUp(Cursor),
    /// There is more to take.
    More,
}

/// Why a session was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There may be something to take.
    Ready,
    /// The hub wants it to end.
    Bye(Bye),
}

/// One connection's view of the log. Dropping it is all there is to leaving.
#[derive(Debug)]
pub struct Session {
    hub: Hub,
    bell: Arc<Bell>,
    following: Vec<Following>,
    verdict: Verdict,
    /// Entries that its topics had for it and that it was never told of, since that was last asked.
    dropped: u64,
}

/// A topic that a session follows.
#[derive(Debug)]
struct Following {
    topic: Arc<TopicState>,
    /// Its bell's place among the topic's listeners.
    listener: usize,
    /// Everything up to here is told, or not for this session.
    position: Seq,
    /// How many entries the topic ever had up to there.
    passed: u64,
    /// A gap that is still to be told.
    gap: Option<GapReason>,
}

impl Session {
    pub(crate) fn open(hub: Hub, owner: u64, attach: &Attach) -> Result<Self, AttachError> {
        let bell = hub.enter(owner)?;
        let mut session = Self { hub, bell, following: Vec::new(), verdict: Verdict::New, dropped: 0 };
        for topic in &attach.topics {
            let snapshot = attach.snapshot.contains(topic);
            session.follow(topic, attach.since, snapshot)?;
        }
        if attach.since.is_some() {
            let gap = session.following.iter().any(|following| following.gap.is_some());
            session.verdict = if gap { Verdict::Gap } else { Verdict::Resumed };
        }
        let first = session.following.iter().map(|following| following.position).min();
        session.bell.tell(first.unwrap_or(Seq::START));
        Ok(session)
    }

    /// What the client is to be told about the time it was away.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Adds topics, from `since` or from now; returns those that are new to this session.
    ///
    /// # Errors
    /// When a topic is unknown or there are too many; then none is added.
    pub fn subscribe(
        &mut self,
        topics: &[Topic],
        since: Option<Cursor>,
        snapshot: bool,
    ) -> Result<Vec<Topic>, AttachError> {
        let before = self.following.len();
        let mut added = Vec::new();
        for topic in topics {
            match self.follow(topic, since, snapshot) {
                Ok(true) => added.push(topic.clone()),
                Ok(false) => {}
                Err(error) => {
                    self.following.drain(before..).for_each(leave);
                    return Err(error);
                }
            }
        }
        self.bell.ring();
        Ok(added)
    }

    /// Takes topics away; unknown ones are ignored.
    pub fn unsubscribe(&mut self, topics: &[Topic]) {
        self.following.extract_if(.., |following| topics.contains(&following.topic.name)).for_each(leave);
    }

    fn follow(&mut self, name: &Topic, since: Option<Cursor>, snapshot: bool) -> Result<bool, AttachError> {
        if self.following.iter().any(|following| following.topic.name == *name) {
            return Ok(false);
        }
        let limit = self.hub.settings().topics_per_session;
        if limit > 0 && self.following.len() >= limit {
            return Err(AttachError::TooManyTopics { asked: self.following.len() + 1, limit });
        }
        let Start { topic, listener, position, passed, gap } =
            self.hub.join(name, since, snapshot, &self.bell)?;
        self.following.push(Following { topic, listener, position, passed, gap });
        Ok(true)
    }

    /// Leaves entries that everyone else is about to be woken for ([`Hub::gather`]) to that moment, instead of finding them at
    /// once: for a session that comes again and again to read on. To be called before the first wake.
    pub fn await_the_others(&mut self) {
        // First this: a ring after it is heard, and one before it shows in the topics.
        self.bell.hush();
        let is_rung_soon =
            |one: &Following| one.topic.rings_soon_after().is_some_and(|place| place <= one.position);
        if self.bell.bye().is_some() || !self.following.iter().any(is_rung_soon) {
            self.bell.ring();
        }
    }

    /// Ready when there may be something to take, or when the hub closes.
    pub fn poll_wake(&mut self, cx: &mut Context<'_>) -> Poll<Wake> {
        if self.bell.poll_heard(cx).is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(self.bell.bye().map_or(Wake::Ready, Wake::Bye))
    }

    /// Ready when the hub closes. What there is to take is left for [`Session::poll_wake`] to tell: for a session
    /// whose client cannot take anything now.
    pub fn poll_bye(&mut self, cx: &mut Context<'_>) -> Poll<Bye> {
        self.bell.poll_bye(cx)
    }

    /// [`Session::poll_wake`] as a future.
    pub async fn wake(&mut self) -> Wake {
        poll_fn(|cx| self.poll_wake(cx)).await
    }

    /// Moves what comes next into `out`, in the log's order.
    pub fn take(&mut self, batch: Batch, out: &mut Vec<Delivery>) -> Progress {
        let (progress, reading) = self.hub.with_log(|log| read::read(log, &mut self.following, batch, out));
        self.hub.stats().read(&reading);
        self.dropped += reading.dropped;
        match (progress, out.last()) {
            (Progress::CaughtUp(place), _) => self.bell.tell(place.seq),
            (Progress::More, Some(Delivery::Event(last))) => self.bell.tell(last.cursor.seq),
            (Progress::More, _) => {}
        }
        if progress == Progress::More {
            self.bell.ring();
        }
        progress
    }

    /// Passes over all but the newest entry of each `Latest` topic: for a reader who is told seldom by its own wish.
    pub fn conflate(&mut self) {
        let reading = self.hub.with_log(|log| read::conflate(log, &mut self.following));
        self.hub.stats().read(&reading);
        self.dropped += reading.dropped;
    }

    /// How many entries its topics had for it that it was never told of, since this was last asked: older values of `Latest` topics
    /// that were replaced while it did not read, and what is gone where it was told of a gap.
    pub fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// The publication as it is written on a wire, built by whichever session asks first.
    #[must_use]
    pub fn form(&self, publication: &Publication, form: &Form) -> Bytes {
        publication.form(form, self.hub.stats())
    }

    /// The topics it follows.
    pub fn topics(&self) -> impl Iterator<Item = (&Topic, Kind)> {
        self.following.iter().map(|following| (&following.topic.name, following.topic.kind))
    }

    /// The hub it reads from.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }
}

fn leave(following: Following) {
    following.topic.leave(following.listener);
}

impl Drop for Session {
    fn drop(&mut self) {
        self.following.drain(..).for_each(leave);
        self.hub.exit(self.bell.key);
    }
}
