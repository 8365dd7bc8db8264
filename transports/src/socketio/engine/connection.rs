//! One connection, whichever carrier it is on. It is told the time, and holds neither socket nor timer.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use common::close;
use tokio::time::Instant;

use super::{
    application::{Application, End, Flow},
    carrier::Out,
    packet::Packet,
    server::Settings,
};
use crate::{gate::Throttle, roster::Meter};

/// One connection.
#[derive(Debug)]
pub struct Connection<A> {
    application: A,
    interval: Duration,
    timeout: Duration,
    throttle: Throttle,
    ping: Ping,
    ended: Option<End>,
}

/// The server asks, the client answers: so a sleeping page is not asked to keep time.
#[derive(Debug, Clone, Copy)]
enum Ping {
    /// To be sent then.
    Due(Instant),
    /// Its time has come; it waits for a carrier that can write. A client that never asks is not heard from either.
    Waiting { until: Instant },
    /// Sent; the pong is due by then.
    Sent { until: Instant },
}

impl<A: Application> Connection<A> {
    /// A new one.
    pub fn new(application: A, settings: &Settings, now: Instant) -> Self {
        Self {
            application,
            interval: settings.ping_interval,
            timeout: settings.ping_timeout,
            throttle: Throttle::new(settings.messages_per_second),
            ping: Ping::Due(now + settings.ping_interval),
            ended: None,
        }
    }

    /// A packet of the peer's.
    pub fn hear(&mut self, packet: Packet, now: Instant) {
        self.tick(now);
        if self.ended.is_some() {
            return;
        }
        if let Some(meter) = self.meter() {
            meter.up(|| packet.to_text());
        }
        if !self.throttle.pass() {
            return self.end(End::Broke(close::POLICY));
        }
        match packet {
            Packet::Message(message) => {
                if let Err(end) = self.application.hear(message, now) {
                    self.end(end);
                }
            }
            Packet::Pong(_) => {
                if let Ping::Sent { until } = self.ping {
                    if let Some(meter) = self.meter() {
                        meter.pinged((now + self.timeout).saturating_duration_since(until).as_micros());
                    }
                    self.ping = Ping::Due(now + self.interval);
                    self.application.confirmed();
                }
            }
            Packet::Close => self.end(End::Closed),
            Packet::Noop => {}
            Packet::Open(_) | Packet::Ping(_) | Packet::Upgrade => self.end(End::BAD),
        }
    }

    /// Ready when something was put in `out`, or the connection has ended.
    pub fn poll_out(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<()> {
        self.tick(now);
        if self.ended.is_some() {
            return Poll::Ready(());
        }
        if let Ping::Waiting { .. } = self.ping {
            out.packet(&Packet::Ping(String::new()));
            // All of the time is the client's, however late it came to be told.
            self.ping = Ping::Sent { until: now + self.timeout };
            self.application.pinged();
            return Poll::Ready(());
        }
        match self.application.poll_more(cx, now, out) {
            Poll::Ready(Flow::More) => Poll::Ready(()),
            Poll::Ready(Flow::End(end)) => {
                self.end(end);
                Poll::Ready(())
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// A peer that has taken bytes again after a blockage is alive, and could not answer what it had not heard.
    pub fn unblocked(&mut self, now: Instant) {
        match &mut self.ping {
            Ping::Due(at) => *at = (*at).max(now),
            Ping::Waiting { until } | Ping::Sent { until } => *until = (*until).max(now + self.timeout),
        }
    }

    /// When to ask for more although nobody woke the task.
    pub fn deadline(&self) -> Instant {
        let ping = match self.ping {
            Ping::Due(at) => at,
            Ping::Waiting { until } | Ping::Sent { until } => until,
        };
        self.application.deadline().map_or(ping, |deadline| deadline.min(ping))
    }

    /// Why it has ended.
    pub fn ended(&self) -> Option<End> {
        self.ended
    }

    /// Ends it.
    pub fn end(&mut self, end: End) {
        self.ended.get_or_insert(end);
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: Instant) {
        if let Ping::Due(at) = self.ping
            && now >= at
        {
            self.ping = Ping::Waiting { until: at + self.timeout };
        }
        if let Ping::Waiting { until } | Ping::Sent { until } = self.ping
            && now >= until
        {
            self.end(End::Silent);
        }
    }

    /// What counts it, where something does.
    pub(super) fn meter(&self) -> Option<&Meter> {
        self.application.meter()
    }

    /// What stands behind it.
    pub fn application(&mut self) -> &mut A {
        &mut self.application
    }
}
