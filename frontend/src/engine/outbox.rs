//! Messages on their way up: in their order, one at a time, and each again under its name until the server has told
//! what became of it.

use std::collections::VecDeque;

use app::ports::SendOutcome;
use common::{ClientMessage, Cursor, MessageId, api::ApiError, limit::LimitName};

use super::backoff::Backoff;

#[derive(Debug)]
pub(super) struct Outbox {
    /// The first is the one that is under way, if one is.
    waiting: VecDeque<ClientMessage>,
    state: SendState,
    backoff: Backoff,
    /// The number of connections that broke, or were silent, under the first message.
    broken: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum SendState {
    /// Nothing is under way.
    Ready,
    /// The first went up the line then.
    OnLine(f64),
    /// The first is being posted.
    Posting,
    /// The network let nothing through; the next attempt is then.
    Unreached(f64),
    /// The server has asked to wait until then.
    AskedToWait(f64),
}

/// The path of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SendPath {
    /// As a frame on the line.
    Line,
    /// As a request of its own.
    Post,
}

/// More than this do not wait: whoever writes so many without an answer is told.
const LONGEST: usize = 100;
/// After so many lines that broke under one message it is posted: should the message be what something on the way does
/// not bear, its refusal is then an answer and not the end of the line.
const BROKEN: u32 = 2;
/// A line that lives and does not answer a message for so long has lost it.
const ANSWER_MS: f64 = 30_000.0;

impl Outbox {
    pub(super) const fn new() -> Self {
        Self { waiting: VecDeque::new(), state: SendState::Ready, backoff: Backoff::new(), broken: 0 }
    }

    /// Takes a message in, or says why not.
    pub(super) fn put(&mut self, message: ClientMessage) -> Result<(), SendOutcome> {
        if self.waiting.len() >= LONGEST {
            let message = format!("{LONGEST} messages are waiting to be sent: this one was not taken");
            return Err(SendOutcome::Rejected(ApiError::limit_reached(
                LimitName::UnsentMessages,
                LONGEST,
                message,
            )));
        }
        self.waiting.push_back(message);
        Ok(())
    }

    /// Sends this one no more. One that is under way may still arrive.
    pub(super) fn give_up(&mut self, id: &MessageId) {
        if self.is_first(id) {
            self.next();
        } else {
            self.waiting.retain(|message| message.id != *id);
        }
    }

    /// The message to be sent now, and how; `way` is how one can be sent at all, if one can.
    pub(super) fn send(&mut self, way: Option<SendPath>, now: f64) -> Option<(SendPath, ClientMessage)> {
        match self.state {
            SendState::Unreached(until) | SendState::AskedToWait(until) if until <= now => {
                self.state = SendState::Ready;
            }
            SendState::OnLine(since) if now - since >= ANSWER_MS => self.broke(BROKEN),
            _ => {}
        }
        let way = if self.broken >= BROKEN { SendPath::Post } else { way? };
        if self.state != SendState::Ready {
            return None;
        }
        let message = self.waiting.front()?.clone();
        self.state = match way {
            SendPath::Line => SendState::OnLine(now),
            SendPath::Post => SendState::Posting,
        };
        Some((way, message))
    }

    /// When [`Outbox::send`] may have something by itself.
    pub(super) fn deadline(&self) -> Option<f64> {
        match self.state {
            SendState::Ready | SendState::Posting => None,
            SendState::OnLine(since) => Some(since + ANSWER_MS),
            SendState::Unreached(until) | SendState::AskedToWait(until) => Some(until),
        }
    }

    /// A line is there again, so the network is.
    pub(super) fn reached(&mut self) {
        self.backoff.succeed();
        if let SendState::Unreached(_) = self.state {
            self.state = SendState::Ready;
        }
    }

    /// We left the line: what it did not answer goes up the next.
    pub(super) fn left_line(&mut self) {
        if let SendState::OnLine(_) = self.state {
            self.state = SendState::Ready;
        }
    }

    /// The line broke. `for_good` says that it will break again if the same is sent; whether a message was what broke it.
    pub(super) fn lost_line(&mut self, for_good: bool) -> bool {
        let under_way = matches!(self.state, SendState::OnLine(_));
        if under_way {
            self.broke(if for_good { BROKEN } else { 1 });
        }
        under_way && for_good
    }

    /// The server has stored it. What to tell, if anyone still waits.
    pub(super) fn stored(&mut self, id: &MessageId, cursor: Cursor) -> Option<SendOutcome> {
        self.is_first(id).then(|| {
            self.next();
            SendOutcome::Sent(cursor)
        })
    }

    /// The server does not take it, or not yet.
    pub(super) fn rejected(
        &mut self,
        id: &MessageId,
        error: ApiError,
        retry_at: Option<f64>,
    ) -> Option<SendOutcome> {
        if !self.is_first(id) {
            return None;
        }
        self.backoff.succeed();
        if let Some(at) = retry_at {
            self.state = SendState::AskedToWait(at);
            return None;
        }
        self.next();
        Some(SendOutcome::Rejected(error))
    }

    /// It was posted, and no answer came back.
    pub(super) fn unanswered(&mut self, id: &MessageId, shown: bool, random: f64, now: f64) {
        if self.is_first(id) && self.state == SendState::Posting {
            self.state = SendState::Unreached(now + self.backoff.fail(shown, random));
        }
    }

    fn is_first(&self, id: &MessageId) -> bool {
        self.waiting.front().is_some_and(|message| message.id == *id)
    }

    fn next(&mut self) {
        self.waiting.pop_front();
        self.state = SendState::Ready;
        self.broken = 0;
    }

    fn broke(&mut self, times: u32) {
        self.broken += times;
        self.state = SendState::Ready;
    }
}
