//! An Engine.IO connection on either carrier. It is told the time, and holds neither socket nor timer.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use common::close;
use tokio::time::Instant;

use super::{
    application::{DisconnectReason, EngineApplication, Flow},
    carrier::Out,
    packet::EnginePacket,
    settings::EngineSettings,
};
use crate::{connections::ConnectionStats, gate::TokenBucket};

/// An Engine.IO connection.
#[derive(Debug)]
pub struct Connection<A> {
    application: A,
    interval: Duration,
    timeout: Duration,
    bucket: TokenBucket,
    ping: Ping,
    ended: Option<DisconnectReason>,
}

/// The server asks, the client answers: so a sleeping page is not asked to keep time.
#[derive(Debug, Clone, Copy)]
enum Ping {
    /// The next ping is due then.
    Due(Instant),
    /// The ping is due and waits for a carrier that can write. A client that never polls sends no pong either.
    Waiting { until: Instant },
    /// Sent; the pong is due by then.
    Sent { until: Instant },
}

impl<A: EngineApplication> Connection<A> {
    /// A new one.
    pub fn new(application: A, settings: &EngineSettings, now: Instant) -> Self {
        Self {
            application,
            interval: settings.ping_interval,
            timeout: settings.ping_timeout,
            bucket: TokenBucket::new(settings.messages_per_second),
            ping: Ping::Due(now + settings.ping_interval),
            ended: None,
        }
    }

    /// A packet of the peer's.
    pub fn on_packet(&mut self, packet: EnginePacket, now: Instant) {
        self.tick(now);
        if self.ended.is_some() {
            return;
        }
        if let Some(stats) = self.stats() {
            stats.up(|| packet.to_text());
        }
        if !self.bucket.pass() {
            return self.end(DisconnectReason::Broke(close::POLICY));
        }
        match packet {
            EnginePacket::Message(message) => {
                if let Err(end) = self.application.on_message(message, now) {
                    self.end(end);
                }
            }
            EnginePacket::Pong(_) => {
                if let Ping::Sent { until } = self.ping {
                    if let Some(stats) = self.stats() {
                        stats.record_ping((now + self.timeout).saturating_duration_since(until).as_micros());
                    }
                    self.ping = Ping::Due(now + self.interval);
                    self.application.on_pong();
                }
            }
            EnginePacket::Close => self.end(DisconnectReason::Closed),
            EnginePacket::Noop => {}
            EnginePacket::Open(_) | EnginePacket::Ping(_) | EnginePacket::Upgrade => {
                self.end(DisconnectReason::BAD);
            }
        }
    }

    /// Ready when something was put in `out`, or the connection has ended.
    pub fn poll_out(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<()> {
        self.tick(now);
        if self.ended.is_some() {
            return Poll::Ready(());
        }
        if let Ping::Waiting { .. } = self.ping {
            out.packet(&EnginePacket::Ping(String::new()));
            // The client has all of the time, however late the ping was sent.
            self.ping = Ping::Sent { until: now + self.timeout };
            self.application.on_ping_sent();
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

    /// Extends the deadlines after a blockage. A peer that takes bytes again is alive, and could not answer a ping
    /// that it had not read.
    pub fn unblocked(&mut self, now: Instant) {
        match &mut self.ping {
            Ping::Due(at) => *at = (*at).max(now),
            Ping::Waiting { until } | Ping::Sent { until } => *until = (*until).max(now + self.timeout),
        }
    }

    /// Returns the time at which to poll again although nobody woke the task.
    pub fn deadline(&self) -> Instant {
        let ping = match self.ping {
            Ping::Due(at) => at,
            Ping::Waiting { until } | Ping::Sent { until } => until,
        };
        self.application.deadline().map_or(ping, |deadline| deadline.min(ping))
    }

    /// Returns the reason for which it has ended.
    pub fn ended(&self) -> Option<DisconnectReason> {
        self.ended
    }

    /// Ends it.
    pub fn end(&mut self, end: DisconnectReason) {
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
            self.end(DisconnectReason::Silent);
        }
    }

    /// Returns the connection's statistics, if it has any.
    pub(super) fn stats(&self) -> Option<&ConnectionStats> {
        self.application.stats()
    }

    /// Returns the application.
    pub fn application(&mut self) -> &mut A {
        &mut self.application
    }
}
