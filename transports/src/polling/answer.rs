//! The responses of both kinds of polling.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use bytes::Bytes;
use common::{
    Cursor,
    frame::{ServerFrame, Verdict},
};
use fanout::{Batch, Delivery, Progress, Publication, Subscription};

use super::wire;
use crate::{conn::BufferedResponse, connections::ConnectionStats, gate::RetryLater, live::Live};

/// The most entries of one response. A client that gets no heartbeat at its end polls again at once.
const BATCH: Batch = Batch { entries: 1_000, bytes: 256 * 1024 };
/// The place that an answer without a body moves its client to.
const CURSOR: HeaderName = HeaderName::from_static("live-cursor");

/// The entries of one response.
pub(crate) struct PollBatch {
    deliveries: Vec<Delivery>,
    progress: Progress,
}

impl PollBatch {
    /// Takes what there is.
    pub(crate) fn take(subscription: &mut Subscription, stats: &ConnectionStats) -> Self {
        let batch = Self::take_into(Vec::new(), subscription, stats);
        if let Some(place) = batch.place() {
            stats.record_answered(place);
        }
        batch
    }

    /// Takes what there is, into room that is empty. What is left is not waited for: the client polls again.
    pub(crate) fn take_into(
        mut deliveries: Vec<Delivery>,
        subscription: &mut Subscription,
        stats: &ConnectionStats,
    ) -> Self {
        let progress = subscription.take_directly(BATCH, &mut deliveries);
        let events = deliveries.iter().filter(|delivery| matches!(delivery, Delivery::Event(_))).count();
        stats.record_delivered(events as u64, subscription);
        Self { deliveries, progress }
    }

    /// Returns the place that the client is at after this batch.
    pub(crate) fn place(&self) -> Option<Cursor> {
        match self.progress {
            Progress::CaughtUp(place) => Some(place),
            Progress::More => self.deliveries.iter().rev().find_map(|delivery| match delivery {
                Delivery::Event(entry) => Some(entry.cursor),
                Delivery::Gap(..) => None,
            }),
            Progress::Silenced => None,
        }
    }

    /// Returns the place after this batch if others may get the same answer: entries only, and all there are.
    pub(crate) fn shared_place(&self) -> Option<Cursor> {
        let Progress::CaughtUp(place) = self.progress else { return None };
        self.deliveries.iter().all(|delivery| matches!(delivery, Delivery::Event(_))).then_some(place)
    }

    /// Returns its entries.
    pub(crate) fn entries(&self) -> Vec<Arc<Publication>> {
        let entry = |delivery: &Delivery| match delivery {
            Delivery::Event(entry) => Some(Arc::clone(entry)),
            Delivery::Gap(..) => None,
        };
        self.deliveries.iter().filter_map(entry).collect()
    }

    /// Reports that it is these entries and nothing else.
    pub(crate) fn is_exactly(&self, entries: &[Arc<Publication>]) -> bool {
        self.deliveries.len() == entries.len()
            && self.deliveries.iter().zip(entries).all(|(delivery, known)| match delivery {
                Delivery::Event(entry) => Arc::ptr_eq(entry, known),
                Delivery::Gap(..) => false,
            })
    }

    /// Ends it and returns its room, if that is for at most so many entries.
    pub(crate) fn into_room(mut self, kept: usize) -> Vec<Delivery> {
        self.deliveries.clear();
        if self.deliveries.capacity() <= kept { self.deliveries } else { Vec::new() }
    }

    /// Returns the position of a client that resumed and missed nothing.
    pub(crate) fn nothing_new(&self, subscription: &Subscription) -> Option<Cursor> {
        match self.progress {
            Progress::CaughtUp(cursor) if self.deliveries.is_empty() => {
                (subscription.verdict() == Verdict::Resumed).then_some(cursor)
            }
            _ => None,
        }
    }

    /// The frames.
    pub(crate) fn answer(
        self,
        subscription: &Subscription,
        live: &Live,
        bye: Option<ServerFrame>,
    ) -> BufferedResponse {
        let welcome = ServerFrame::Welcome {
            verdict: subscription.verdict(),
            head: live.hub.head(),
            heartbeat_ms: live.pace.heartbeat_ms(),
        };
        let mut body = Vec::with_capacity(self.deliveries.len() + 3);
        body.push(wire::first(&welcome));
        body.extend(self.deliveries.into_iter().map(|delivery| match delivery {
            Delivery::Event(publication) => subscription.encode(&publication, &wire::ITEM),
            Delivery::Gap(reason, topics) => wire::next(&ServerFrame::Gap { reason, topics }),
        }));
        if let Progress::CaughtUp(cursor) = self.progress {
            body.push(wire::next(&ServerFrame::Heartbeat { cursor }));
        }
        body.extend(bye.as_ref().map(wire::next));
        body.push(wire::end());
        json(StatusCode::OK, body)
    }
}

/// Responds that nothing is new, without a body, and up to which position that holds.
pub(crate) fn not_modified(cursor: Cursor) -> BufferedResponse {
    let place = HeaderValue::try_from(cursor.to_string());
    let answer = BufferedResponse::new(StatusCode::NO_CONTENT, Vec::new());
    match place {
        Ok(place) => answer.with(CURSOR, place),
        Err(_) => answer,
    }
}

/// Turned away for now.
pub(crate) fn retry_later(retry_later: RetryLater) -> BufferedResponse {
    json(retry_later.status(), vec![wire::first(&retry_later.bye()), wire::end()])
        .with(header::RETRY_AFTER, retry_later.retry_after())
}

/// Shows a response to those who follow the connection.
pub(crate) fn trace(stats: &ConnectionStats, answer: &BufferedResponse) {
    for frame in answer.body.iter().filter(|piece| piece.len() > 1) {
        // Before it stands the bracket or the comma of the array.
        stats.down(frame.len(), || String::from_utf8_lossy(&frame[1..]).into_owned());
    }
}

fn json(status: StatusCode, body: Vec<Bytes>) -> BufferedResponse {
    BufferedResponse::new(status, body)
        .with(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
}
