//! A connection that keeps the session of a client's polls: the next poll of a client differs in nothing but its position, and that is where its subscription stands. Such
//! a poll costs a read and a write. The subscription stays, and a round of wakes writes the answer itself.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::{Buf, Bytes};
use fanout::{Receiver, Wake};
use parking_lot::Mutex;
use tokio::{
    io::AsyncWrite,
    time::{Instant, Sleep, sleep_until},
};

use super::{
    buffered_response::{BufferedResponse, PATIENCE, PollSession},
    early_bytes::{poll_early, poll_next},
    linger_close::linger_close,
    request_cache::CachedRequest,
    socket::Socket,
};
use crate::gate::Permit;

/// The rest of a connection whose session has ended.
pub(super) struct Ended {
    pub(super) socket: Socket,
    pub(super) known: CachedRequest,
    pub(super) permit: Permit,
    /// The bytes that were read and belong to no poll of the session.
    pub(super) early: Vec<u8>,
    /// The answer that is due before anything else.
    pub(super) answer: Option<BufferedResponse>,
}

/// The event that the connection waits for.
enum PollPhase {
    /// The next poll.
    Idle,
    /// Something new.
    Waiting,
    /// The client, which has to read the rest of its answer.
    Writing(Bytes),
}

/// The end of a session.
enum End {
    /// The client has left.
    Gone,
    /// The client did not poll again.
    Silent,
    /// This is the last answer.
    Answer(BufferedResponse),
    /// The next request, if there is one, is none of the session's.
    Other,
}

struct PollConnection {
    socket: Socket,
    known: CachedRequest,
    session: Box<dyn PollSession>,
    phase: PollPhase,
    early: Vec<u8>,
    /// The end of the present phase.
    deadline: Instant,
    /// Never later than the deadline. It is not moved at every poll: it looks, when it fires, at how much is left.
    timer: Pin<Box<Sleep>>,
    /// The time for which the connection is kept between two polls.
    idle: Duration,
}

/// A connection that its task and rounds of wakes share; `None` once its session has ended.
struct SharedConnection(Mutex<Option<PollConnection>>);

impl Receiver for SharedConnection {
    fn deliver(&self) -> bool {
        // While its task runs, that is to look again.
        let Some(mut connection) = self.0.try_lock() else { return false };
        connection.as_mut().is_none_or(PollConnection::deliver)
    }
}

/// Serves the polls of a session, from after an answer until a request is none of its own; `None` when the connection has ended.
pub(super) async fn run(
    socket: Socket,
    known: CachedRequest,
    session: Box<dyn PollSession>,
    idle: Duration,
) -> Option<Ended> {
    let deadline = Instant::now() + idle;
    let shared = Arc::new(SharedConnection(Mutex::new(Some(PollConnection {
        socket,
        known,
        session,
        phase: PollPhase::Idle,
        early: Vec::new(),
        deadline,
        timer: Box::pin(sleep_until(deadline)),
        idle,
    }))));
    let receiver: Weak<SharedConnection> = Arc::downgrade(&shared);
    if let Some(connection) = &*shared.0.lock() {
        connection.session.set_receiver(receiver);
    }
    let (end, connection) = poll_fn(|cx| {
        let mut slot = shared.0.lock();
        let end = match slot.as_mut() {
            Some(connection) => std::task::ready!(connection.poll(cx)),
            None => End::Gone,
        };
        Poll::Ready((end, slot.take()))
    })
    .await;
    let PollConnection { socket, known, mut session, early, .. } = connection?;
    if matches!(end, End::Other)
        && let Poll::Ready(disconnect) = session.poll_disconnect(&mut Context::from_waker(Waker::noop()))
    {
        // It came with the request: that one is asked anew, and told.
        session.disconnected(disconnect);
    }
    let permit = session.into_permit();
    let answer = match end {
        End::Gone => return None,
        End::Silent => {
            linger_close(socket, Bytes::new()).await;
            return None;
        }
        End::Answer(answer) => Some(answer),
        End::Other => None,
    };
    Some(Ended { socket, known, permit, early, answer })
}

impl PollConnection {
    /// Answers the poll that waits, outside of the connection's task; false where the task has to go on.
    fn deliver(&mut self) -> bool {
        if !matches!(self.phase, PollPhase::Waiting) {
            // The next poll looks for itself.
            return true;
        }
        let Some(answer) = self.session.answer() else { return true };
        self.begin_writing(answer);
        let mut cx = Context::from_waker(Waker::noop());
        matches!(self.poll_write(&mut cx), Poll::Ready(true)) && self.early.is_empty()
    }

    fn begin_writing(&mut self, answer: Bytes) {
        self.phase = PollPhase::Writing(answer);
        self.deadline = Instant::now() + PATIENCE;
    }

    /// Ready when the answer is written, or with false when it cannot be.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let PollPhase::Writing(rest) = &mut self.phase else { return Poll::Ready(true) };
        while !rest.is_empty() {
            match std::task::ready!(Pin::new(&mut self.socket).poll_write(cx, rest)) {
                Ok(written @ 1..) => {
                    self.session.stats().record_written(written, || 0);
                    rest.advance(written);
                }
                _ => return Poll::Ready(false),
            }
        }
        if !matches!(std::task::ready!(Pin::new(&mut self.socket).poll_flush(cx)), Ok(())) {
            return Poll::Ready(false);
        }
        self.phase = PollPhase::Idle;
        self.deadline = self.deadline - PATIENCE + self.idle;
        Poll::Ready(true)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        loop {
            let ended = match self.phase {
                PollPhase::Writing(_) => match self.poll_write(cx) {
                    Poll::Ready(true) => continue,
                    Poll::Ready(false) => return Poll::Ready(End::Gone),
                    Poll::Pending => None,
                },
                PollPhase::Waiting => match self.session.poll_wake(cx) {
                    Poll::Ready(Wake::Ready) => {
                        if let Some(answer) = self.session.answer() {
                            self.begin_writing(answer);
                        }
                        continue;
                    }
                    Poll::Ready(Wake::Disconnect(disconnect)) => {
                        return Poll::Ready(End::Answer(self.session.ended(disconnect)));
                    }
                    Poll::Pending => {
                        poll_early(&mut self.socket, &mut self.early, cx).is_ready().then_some(End::Gone)
                    }
                },
                PollPhase::Idle => {
                    if let Some(end) = self.poll_request(cx) {
                        Some(end)
                    } else if matches!(self.phase, PollPhase::Waiting) {
                        continue;
                    } else if self.session.poll_disconnect(cx).is_ready() {
                        Some(End::Other)
                    } else {
                        None
                    }
                }
            };
            if let Some(end) = ended {
                return Poll::Ready(end);
            }
            if self.poll_timer(cx).is_pending() {
                return Poll::Pending;
            }
            match self.phase {
                PollPhase::Idle => return Poll::Ready(End::Silent),
                PollPhase::Writing(_) => return Poll::Ready(End::Gone),
                PollPhase::Waiting => {
                    let answer = self.session.timed_out();
                    self.begin_writing(answer);
                }
            }
        }
    }

    /// Reads the next request. If it is a poll of this session, the phase is `Waiting` afterwards.
    fn poll_request(&mut self, cx: &mut Context<'_>) -> Option<End> {
        if self.early.is_empty() {
            match poll_next(&mut self.socket, &mut self.early, cx) {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) => return Some(End::Gone),
                Poll::Pending => return None,
            }
        }
        let query = self.known.query(&self.early);
        let Some(patience) = query.and_then(|query| self.session.begin(query)) else {
            return Some(End::Other);
        };
        self.early.clear();
        self.phase = PollPhase::Waiting;
        self.deadline = Instant::now() + patience;
        None
    }

    /// Ready at the deadline.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline < self.timer.deadline() {
            self.timer.as_mut().reset(self.deadline);
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            if self.timer.deadline() >= self.deadline {
                return Poll::Ready(());
            }
            // A round of wakes may begin an idle phase without looking here.
            self.timer.as_mut().reset(self.deadline.min(Instant::now() + self.idle));
        }
        Poll::Pending
    }
}
