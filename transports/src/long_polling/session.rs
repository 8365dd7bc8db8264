//! A client that polls on: its subscription stays between two polls, and clients that get the same share one answer.

use std::{
    fmt::Write as _,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use common::{
    Cursor,
    frame::{ByeReason, ServerFrame},
};
use fanout::{Delivery, Disconnect, Publication, Receiver, Subscription, Wake};
use parking_lot::Mutex;

use super::query;
use crate::{
    conn::{BufferedResponse, PollSession},
    connections::ConnectionStats,
    gate::{Permit, may_go_on},
    live::Live,
    polling::{PollBatch, not_modified, trace},
};

/// The answers that are kept for others: clients are at few places at once.
const SHARED: usize = 4;
/// Longer answers are built for each client, bytes.
const LONGEST_SHARED: usize = 64 * 1024;
/// The most entries that an idle client keeps room for.
const KEPT: usize = 4;

/// A client's polls on one connection.
pub(super) struct LongPollSession {
    live: Live,
    subscription: Subscription,
    permit: Permit,
    /// The last query without its position.
    query: String,
    /// The place that the client was told last, as it says it in its next query.
    told: String,
    patience: Duration,
    answers: Arc<SharedAnswers>,
    /// Empty between two answers.
    taken: Vec<Delivery>,
}

/// Whole answers, for those who are at the same place.
#[derive(Default)]
pub(super) struct SharedAnswers(Mutex<AnswerRing>);

#[derive(Default)]
struct AnswerRing {
    answers: Vec<SharedAnswer>,
    /// The one that gives way next.
    oldest: usize,
}

/// An answer to a client that resumed and gets these entries, and nothing else, up to `place`.
struct SharedAnswer {
    entries: Vec<Arc<Publication>>,
    place: Cursor,
    /// The second of its `Date`, since 1970.
    second: u64,
    bytes: Bytes,
    /// The place as the next query says it.
    told: String,
}

impl LongPollSession {
    /// Goes on after the poll with this query, whose answer told the client that it is at `told`. `Err` with the permit where the next
    /// query alone would not say enough.
    pub(super) fn after(
        query: &str,
        told: Option<Cursor>,
        patience: Duration,
        (live, subscription, permit): (Live, Subscription, Permit),
        answers: Arc<SharedAnswers>,
    ) -> Result<Self, Permit> {
        match (query::split(query), told) {
            (Some((query, _)), Some(told)) => {
                subscription.rest();
                let (told, taken) = (told.to_string(), Vec::new());
                Ok(Self { live, subscription, permit, query, told, patience, answers, taken })
            }
            _ => Err(permit),
        }
    }

    fn take(&mut self) -> PollBatch {
        PollBatch::take_into(std::mem::take(&mut self.taken), &mut self.subscription, self.permit.stats())
    }

    fn encode(&mut self, batch: PollBatch, bye: Option<ServerFrame>) -> BufferedResponse {
        self.tell(batch.place());
        let answer = batch.answer(&self.subscription, &self.live, bye);
        trace(self.permit.stats(), &answer);
        answer
    }

    /// The whole answer with this batch, as it is written.
    fn write(&mut self, batch: PollBatch) -> Bytes {
        self.encode(batch, None).encode(true, &**self.live.hub.clock())
    }

    /// Remembers where the client is, as it says it next. Until then the subscription rests.
    fn tell(&mut self, place: Option<Cursor>) {
        self.subscription.rest();
        self.told.clear();
        if let Some(place) = place {
            let _ = write!(self.told, "{place}");
        }
    }

    /// The answer that all get who get this batch, from the clients' shared ones or built for them.
    fn shared_answer(&mut self, batch: PollBatch, place: Cursor) -> Bytes {
        let second = self.live.hub.clock().unix_time().as_secs();
        if let Some(bytes) = self.answers.find(&batch, place, second, &mut self.told) {
            self.subscription.rest();
            self.taken = batch.into_room(KEPT);
            return bytes;
        }
        let entries = batch.entries();
        let bytes = self.write(batch);
        if bytes.len() <= LONGEST_SHARED {
            let (bytes, told) = (bytes.clone(), self.told.clone());
            self.answers.keep(SharedAnswer { entries, place, second, bytes, told });
        }
        bytes
    }
}

impl PollSession for LongPollSession {
    fn stats(&self) -> &Arc<ConnectionStats> {
        self.permit.stats()
    }

    fn into_permit(self: Box<Self>) -> Permit {
        // From now on the connection has no subscription that the list could ask.
        if let Ok(place) = self.told.parse::<Cursor>() {
            self.permit.stats().record_answered(place);
        }
        self.permit
    }

    fn set_receiver(&self, receiver: Weak<dyn Receiver>) {
        self.subscription.set_receiver(receiver);
    }

    fn begin(&mut self, query: &str) -> Option<Duration> {
        let stats = self.permit.stats();
        // A follower of the connection sees each poll.
        let goes_on = may_go_on(stats)
            && !stats.is_followed()
            && !self.told.is_empty()
            && query::position(query, &self.query) == Some(self.told.as_str())
            && self.subscription.disconnected().is_none()
            && self.subscription.continue_poll();
        if goes_on {
            self.subscription.defer_to_next_wake();
        }
        goes_on.then_some(self.patience)
    }

    fn answer(&mut self) -> Option<Bytes> {
        if self.subscription.disconnected().is_some() {
            // Its task was woken to say so.
            return None;
        }
        let batch = self.take();
        if batch.nothing_new(&self.subscription).is_some() {
            self.taken = batch.into_room(KEPT);
            return None;
        }
        match batch.shared_place() {
            Some(place) if !self.permit.stats().is_followed() => Some(self.shared_answer(batch, place)),
            _ => Some(self.write(batch)),
        }
    }

    fn timed_out(&mut self) -> Bytes {
        let batch = self.take();
        match batch.nothing_new(&self.subscription) {
            Some(place) => {
                self.tell(Some(place));
                not_modified(place).encode(true, &**self.live.hub.clock())
            }
            None => self.write(batch),
        }
    }

    fn ended(&mut self, disconnect: Disconnect) -> BufferedResponse {
        let batch = self.take();
        let bye = ServerFrame::Bye { reason: disconnect.reason, retry_ms: disconnect.retry_ms };
        self.encode(batch, Some(bye))
    }

    fn disconnected(&mut self, disconnect: Disconnect) {
        if matches!(disconnect.reason, ByeReason::Ended | ByeReason::SignedOut) {
            self.permit.stats().disconnect_next();
        }
    }

    fn poll_wake(&mut self, cx: &mut Context<'_>) -> Poll<Wake> {
        self.subscription.poll_wake(cx)
    }

    fn poll_disconnect(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        self.subscription.poll_disconnect(cx)
    }
}

impl SharedAnswers {
    /// Finds the answer for who gets this batch, and says where its client is then.
    fn find(&self, batch: &PollBatch, place: Cursor, second: u64, told: &mut String) -> Option<Bytes> {
        let ring = self.0.lock();
        let same = |one: &&SharedAnswer| {
            one.place == place && one.second == second && batch.is_exactly(&one.entries)
        };
        let found = ring.answers.iter().find(same)?;
        told.clone_from(&found.told);
        Some(found.bytes.clone())
    }

    fn keep(&self, answer: SharedAnswer) {
        let ring = &mut *self.0.lock();
        if ring.answers.len() < SHARED {
            ring.answers.push(answer);
        } else {
            ring.answers[ring.oldest] = answer;
            ring.oldest = (ring.oldest + 1) % SHARED;
        }
    }
}
