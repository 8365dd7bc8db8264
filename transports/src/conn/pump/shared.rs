//! The beginning of a pump, which its task and rounds of wakes share: a round writes what is new itself, and the task does everything else.

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
    task::{Context, Poll, Waker},
};

use common::frame::ServerFrame;
use fanout::{Progress, Receiver, Subscription};
use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

use super::{Framer, Live, Liveness, Outbox, Pump, Socket};
use crate::conn::{framer::InitialWrite, sockopt::set_socket_options};

/// The batches that a connection may write before others have their turn.
const BATCHES_AT_ONCE: usize = 16;

/// A pump that its task and rounds of wakes share.
struct SharedPump<D>(Mutex<Pump<D>>);

impl<D: Framer> Receiver for SharedPump<D> {
    fn deliver(&self) -> bool {
        // While its task runs, that is to look again.
        self.0.try_lock().is_some_and(|mut pump| pump.deliver())
    }
}

impl<D: Framer> Pump<D> {
    /// Runs a connection until it ends.
    pub async fn run(io: Socket, subscription: Subscription, framer: D, live: Live, opening: InitialWrite) {
        let pump = Self::new(io, subscription, framer, live, opening);
        // A strong reference of its own: the pump ends with this task.
        let shared = Arc::new(SharedPump(Mutex::new(pump)));
        let receiver: Weak<SharedPump<D>> = Arc::downgrade(&shared);
        shared.0.lock().subscription.set_receiver(receiver);
        let end = std::future::poll_fn(|cx| shared.0.lock().poll(cx)).await;
        tracing::debug!(?end, "a live connection ended");
    }

    fn new(io: Socket, subscription: Subscription, framer: D, live: Live, opening: InitialWrite) -> Self {
        set_socket_options(&io);
        let InitialWrite { head, permit } = opening;
        io.count(permit.stats());
        let now = Instant::now();
        let liveness = Liveness::new(framer.ping(), &live.pace, permit.stats().id());
        let mut pump = Self {
            io,
            liveness,
            framer,
            outbox: Outbox::default(),
            taken: Vec::new(),
            timer: Box::pin(sleep_until(now + live.pace.heartbeat)),
            queue: VecDeque::new(),
            sending: None,
            wrote_at: now,
            position_sent: false,
            paced: None,
            ending: None,
            bye: None,
            awaits_close: false,
            shut: false,
            permit,
            subscription,
            live,
        };
        pump.outbox.push(head);
        pump.welcome();
        pump
    }

    fn welcome(&mut self) {
        let heartbeat_ms = self.live.pace.heartbeat_ms();
        let welcome = ServerFrame::Welcome {
            verdict: self.subscription.verdict(),
            head: self.live.hub.head(),
            heartbeat_ms,
        };
        self.send(&welcome);
    }

    /// Writes what is new while the socket takes it, outside of the connection's task; false where the task has to go on. What the
    /// task waits for stays as it is: none of it is asked here.
    fn deliver(&mut self) -> bool {
        if !self.outbox.is_empty() || self.bye.is_some() || self.ending.is_some() || self.paced.is_some() {
            return false;
        }
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..BATCHES_AT_ONCE {
            let progress = self.fill_by(Subscription::take_directly);
            while !self.outbox.is_empty() {
                match self.outbox.poll_write(&mut self.io, &mut cx) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        self.permit.stats().record_written(written, || self.outbox.bytes());
                    }
                    // The task waits for room, or finds the error again.
                    _ => return false,
                }
            }
            if matches!(progress, Progress::CaughtUp(_)) {
                return true;
            }
        }
        false
    }
}
