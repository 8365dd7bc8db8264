//! The responses of both kinds of polling.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use bytes::Bytes;
use common::{
    Cursor,
    frame::{ServerFrame, Verdict},
};
use hub::{Batch, Delivery, Progress, Subscription};

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
        let mut deliveries = Vec::new();
        let progress = subscription.take(BATCH, &mut deliveries);
        let mut events = deliveries.iter().filter_map(|delivery| match delivery {
            Delivery::Event(entry) => Some(entry.cursor.seq),
            Delivery::Gap(..) => None,
        });
        let last = events.next_back();
        stats.record_delivered(last.into_iter().chain(events).count() as u64, subscription);
        match (progress, last) {
            (Progress::CaughtUp(Cursor { seq, .. }), _) | (Progress::More, Some(seq)) => {
                stats.record_answered(seq);
            }
            (Progress::More, None) => {}
        }
        Self { deliveries, progress }
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
