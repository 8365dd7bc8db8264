//! The activity of an HTTP/1.1 connection, as seen from outside of hyper.

use std::{
    pin::Pin,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Counters of one connection. Its task alone writes them; they are atomic because hyper's service has to be `Send`.
#[derive(Debug, Default)]
pub(in crate::conn) struct Activity {
    /// Bytes came since the last request began.
    bytes_read: AtomicBool,
    /// A handler is at work.
    answering: AtomicBool,
    /// hyper holds bytes that the socket has not taken.
    unwritten: AtomicBool,
    /// The answer goes on beside the body of its request.
    live: AtomicBool,
    /// The client closed its half while it was to be answered.
    eof_held: AtomicBool,
    served: AtomicU32,
    writes: AtomicU32,
}

/// The event that a connection waits for, and a number that tells one wait from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first byte of the first request.
    Fresh,
    /// The rest of a head.
    Head(u32),
    /// A handler.
    Answering,
    /// The client, which has to read; each write is a new wait.
    Blocked(u32),
    /// The next request.
    Idle(u32),
}

/// The time within which a client has to send a request's head, and to begin its first one.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// The time for which a client may read nothing of a response.
const BLOCKED_TIME: Duration = Duration::from_secs(30);
/// The time for which a closing connection may go on writing a response.
const CLOSING_TIME: Duration = Duration::from_secs(120);

impl Activity {
    pub(super) fn begin(&self) {
        self.bytes_read.store(false, Relaxed);
        self.answering.store(true, Relaxed);
    }

    pub(super) fn done(&self) {
        self.bytes_read.store(false, Relaxed);
        self.answering.store(false, Relaxed);
        self.served.fetch_add(1, Relaxed);
    }

    pub(super) fn set_live(&self) {
        self.live.store(true, Relaxed);
    }

    pub(super) fn is_live(&self) -> bool {
        self.live.load(Relaxed)
    }

    pub(super) fn bytes_read(&self) {
        self.bytes_read.store(true, Relaxed);
    }

    pub(super) fn write_pending(&self) {
        self.unwritten.store(true, Relaxed);
    }

    pub(super) fn bytes_written(&self) {
        self.writes.fetch_add(1, Relaxed);
    }

    pub(super) fn flushed(&self) {
        self.unwritten.store(false, Relaxed);
    }

    pub(in crate::conn) fn is_unwritten(&self) -> bool {
        self.unwritten.load(Relaxed)
    }

    /// Reports whether the client's end has to wait: what was asked for before it is not yet answered.
    pub(in crate::conn) fn hold_eof(&self) -> bool {
        let held = self.answering.load(Relaxed) || self.is_unwritten();
        self.eof_held.store(held, Relaxed);
        held
    }

    /// Reports, once, that an end that was held back may be read now.
    pub(super) fn release_eof(&self) -> bool {
        let free = !self.answering.load(Relaxed) && !self.is_unwritten();
        free && self.eof_held.swap(false, Relaxed)
    }

    pub(super) fn phase(&self) -> Phase {
        let served = self.served.load(Relaxed);
        if self.is_unwritten() {
            Phase::Blocked(self.writes.load(Relaxed))
        } else if self.answering.load(Relaxed) {
            Phase::Answering
        } else if self.bytes_read.load(Relaxed) {
            Phase::Head(served)
        } else if served == 0 {
            Phase::Fresh
        } else {
            Phase::Idle(served)
        }
    }
}

/// The deadline of the present phase.
pub(super) struct Deadline {
    phase: Phase,
    timer: Pin<Box<Sleep>>,
}

impl Deadline {
    pub(super) fn new() -> Self {
        Self { phase: Phase::Fresh, timer: Box::pin(sleep_until(Instant::now() + HEAD_TIME)) }
    }

    /// Ready when `phase` has lasted too long. A handler has limits of its own.
    pub(super) fn poll(&mut self, phase: Phase, idle: Duration, cx: &mut Context<'_>) -> Poll<()> {
        if phase == Phase::Answering {
            self.phase = phase;
            return Poll::Pending;
        }
        if phase != self.phase {
            let limit = match phase {
                Phase::Fresh | Phase::Head(_) => HEAD_TIME,
                Phase::Blocked(_) => BLOCKED_TIME,
                Phase::Idle(_) | Phase::Answering => idle,
            };
            self.phase = phase;
            self.timer.as_mut().reset(Instant::now() + limit);
        }
        self.timer.as_mut().poll(cx)
    }

    /// Gives the answer that is still being written its last deadline.
    pub(super) fn close(&mut self) {
        self.timer.as_mut().reset(Instant::now() + CLOSING_TIME);
    }
}
