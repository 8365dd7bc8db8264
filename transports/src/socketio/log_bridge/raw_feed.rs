//! A namespace that tells one topic's payloads alone: no topics, no cursors, nothing to come back to. For the simplest
//! programs, and for those that were written for other servers.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use fanout::{Delivery, Hub, Progress, SubscribeError, SubscribeOptions, Subscription, Wake};
use tokio::time::Instant;

use super::{close_code::code, raw_namespace::RawNamespace};
use crate::{
    conn::BATCH,
    connections::ConnectionStats,
    socketio::{
        engine::{Carrier, Out},
        sockets::{Emitter, Event, SocketAction, SocketHandler},
    },
};

pub(super) struct RawFeed {
    plain: RawNamespace,
    subscription: Subscription,
    stats: Arc<ConnectionStats>,
    bye: Option<fanout::Disconnect>,
}

impl RawFeed {
    pub(super) fn open(
        plain: &RawNamespace,
        hub: &Hub,
        stats: &Arc<ConnectionStats>,
    ) -> Result<Self, SubscribeError> {
        let attach = SubscribeOptions { topics: vec![plain.topic.clone()], ..SubscribeOptions::default() };
        let subscription = hub.subscribe_as(stats.id(), &attach)?;
        Ok(Self { plain: plain.clone(), subscription, stats: Arc::clone(stats), bye: None })
    }

    fn fill(&mut self, out: &mut Out) -> Progress {
        let mut batch = Vec::new();
        let progress = self.subscription.take(BATCH, &mut batch);
        let form = match out.carrier() {
            Carrier::WebSocket => self.plain.frame,
            Carrier::Polling => self.plain.packet,
        };
        let mut told = 0;
        for delivery in batch {
            if let Delivery::Event(publication) = delivery {
                told += 1;
                out.encoded(self.subscription.encode(&publication, form));
            }
        }
        self.stats.record_delivered(told, &mut self.subscription);
        progress
    }
}

impl SocketHandler for RawFeed {
    fn on_connect(&mut self, emitter: &mut Emitter<'_>) {
        let args = serde_json::value::RawValue::from_string("{}".into()).into_iter().collect();
        emitter.emit(&Event { name: self.plain.hello.into(), args, ..Event::default() }, None);
    }

    /// Answers events that have an id with an empty acknowledgement; a raw namespace takes no requests.
    fn on_event(&mut self, _: Event, id: Option<u64>, _: Instant, emitter: &mut Emitter<'_>) {
        if let Some(id) = id {
            emitter.answer(id, &[], &[]);
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>, _: Instant, out: &mut Out) -> Poll<SocketAction> {
        loop {
            if let Some(bye) = self.bye {
                return Poll::Ready(match self.fill(out) {
                    Progress::More => SocketAction::More,
                    Progress::CaughtUp(_) | Progress::Silenced => SocketAction::Bye(code(bye.reason)),
                });
            }
            match self.subscription.poll_wake(cx) {
                Poll::Ready(Wake::Ready) => {
                    self.fill(out);
                    if !out.is_empty() {
                        return Poll::Ready(SocketAction::More);
                    }
                }
                Poll::Ready(Wake::Disconnect(bye)) => self.bye = Some(bye),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn poll_closing(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.subscription.poll_disconnect(cx).map(|_| ())
    }
}
