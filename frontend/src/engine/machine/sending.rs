//! Messages of people, handed to the way up that there is.

use app::ports::SendOutcome;
use common::{ClientMessage, MessageId, frame::ClientFrame};
use transports::inbound::client::PostOutcome;

use super::{Action, Engine, Phase};
use crate::engine::outbox::SendPath;

impl Engine {
    /// Someone sends a message.
    pub fn send(&mut self, message: ClientMessage) -> Vec<Action> {
        let id = message.id.clone();
        told(id, self.outbox.put(message).err())
    }

    /// They no longer want it sent.
    pub fn give_up(&mut self, id: &MessageId) {
        self.outbox.give_up(id);
    }

    /// Returns the message to send now, if there is one: the caller asks after every turn.
    pub fn next_message(&mut self, now: f64) -> Option<Action> {
        let (way, message) = self.outbox.send(self.way_up(), now)?;
        Some(match way {
            SendPath::Line => Action::Send(ClientFrame::Send(message)),
            SendPath::Post => Action::Post(message),
        })
    }

    /// Handles the result of an [`Action::Post`].
    pub fn posted(&mut self, id: &MessageId, posted: PostOutcome, now: f64) -> Vec<Action> {
        let tell = match posted {
            PostOutcome::Sent(cursor) => self.outbox.stored(id, cursor),
            PostOutcome::Rejected(error, retry_ms) => {
                self.outbox.rejected(id, error, retry_ms.map(|ms| now + ms as f64))
            }
            PostOutcome::Lost => {
                self.outbox.unanswered(id, self.shown, (self.random)(), now);
                None
            }
        };
        told(id.clone(), tell)
    }

    /// A two-way line that is on its way is waited for: messages keep their order on it, and falling back from it is
    /// decided elsewhere. Without a line that anyone wants, a request does.
    fn way_up(&self) -> Option<SendPath> {
        match self.phase {
            _ if !self.online => None,
            Phase::Open if self.selector.current().two_way => Some(SendPath::Line),
            Phase::Opening(_) | Phase::Waiting(_) if self.selector.current().two_way => None,
            _ => Some(SendPath::Post),
        }
    }
}

pub(super) fn told(id: MessageId, tell: Option<SendOutcome>) -> Vec<Action> {
    tell.map(|told| Action::ReportOutcome(id, told)).into_iter().collect()
}
