//! A namespace that tells one topic's payloads alone: no topics, no cursors, nothing to come back to. For the simplest
//! programs, and for those that were written for other servers.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use common::Topic;
use hub::{Delivery, Hub, Progress, SubscribeError, SubscribeOptions, Subscription, Wake, WireFormat};
use tokio::time::Instant;

use super::feed::code;
use crate::{
    line::BATCH,
    roster::Meter,
    socketio::{
        engine::{Carrier, Out},
        sockets::{Event, Said, Socket, Voice},
    },
};

/// A namespace that tells one topic's payloads alone.
#[derive(Debug, Clone)]
pub struct Plain {
    /// Its name; begins with `/`.
    pub namespace: &'static str,
    /// What it tells.
    pub topic: Topic,
    /// The event that says hello, with an empty object.
    pub hello: &'static str,
    /// A publication as an event, as a WebSocket frame: see [`crate::socketio::plain_frame`].
    pub frame: &'static WireFormat,
    /// The same as a part of a body: see [`crate::socketio::plain_packet`].
    pub packet: &'static WireFormat,
}

pub(super) struct PlainFeed {
    plain: Plain,
    session: Subscription,
    meter: Arc<Meter>,
    bye: Option<hub::Disconnect>,
}

impl PlainFeed {
    pub(super) fn open(plain: &Plain, hub: &Hub, meter: &Arc<Meter>) -> Result<Self, SubscribeError> {
        let attach = SubscribeOptions { topics: vec![plain.topic.clone()], ..SubscribeOptions::default() };
        let session = hub.subscribe_as(meter.id(), &attach)?;
        Ok(Self { plain: plain.clone(), session, meter: Arc::clone(meter), bye: None })
    }

    fn fill(&mut self, out: &mut Out) -> Progress {
        let mut batch = Vec::new();
        let progress = self.session.take(BATCH, &mut batch);
        let form = match out.carrier() {
            Carrier::WebSocket => self.plain.frame,
            Carrier::Polling => self.plain.packet,
        };
        let mut told = 0;
        for delivery in batch {
            if let Delivery::Event(publication) = delivery {
                told += 1;
                out.coded(self.session.encode(&publication, form));
            }
        }
        self.meter.took(told, &mut self.session);
        progress
    }
}

impl Socket for PlainFeed {
    fn begin(&mut self, voice: &mut Voice<'_>) {
        let args = serde_json::value::RawValue::from_string("{}".into()).into_iter().collect();
        voice.emit(&Event { name: self.plain.hello.into(), args, ..Event::default() }, None);
    }

    /// It has nothing to be asked for; a client that waits hears that it was heard.
    fn hear(&mut self, _: Event, id: Option<u64>, _: Instant, voice: &mut Voice<'_>) {
        if let Some(id) = id {
            voice.answer(id, &[], &[]);
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>, _: Instant, out: &mut Out) -> Poll<Said> {
        loop {
            if let Some(bye) = self.bye {
                return Poll::Ready(match self.fill(out) {
                    Progress::More => Said::More,
                    Progress::CaughtUp(_) => Said::Bye(code(bye.reason)),
                });
            }
            match self.session.poll_wake(cx) {
                Poll::Ready(Wake::Ready) => {
                    self.fill(out);
                    if !out.is_empty() {
                        return Poll::Ready(Said::More);
                    }
                }
                Poll::Ready(Wake::Disconnect(bye)) => self.bye = Some(bye),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.session.poll_disconnect(cx).map(|_| ())
    }
}
