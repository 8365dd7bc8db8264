//! Sends messages until the server has told what became of them.

use common::{ClientMessage, MessageId};
use serde_json::{Map, Value};

use super::{
    Chat,
    guard::Guard,
    unsent::{SendState, Unsent, keep, kept},
};
use crate::ports::{Browser, SendOutcome};

impl Chat {
    /// Sends a text to the room the reader is in.
    pub(super) fn say(self, text: String) {
        let Some(browser) = self.browser.get() else { return };
        let (id, room, name) = (browser.messages.new_message_id(), self.here.peek(), self.name.peek());
        let unsent = Unsent { id: id.clone(), room, name, text, state: SendState::Sending, guard: None };
        keep(&browser, &id, Some(&unsent));
        self.unsent.update(|all| all.push(unsent));
        self.send(&id);
    }

    /// Sends the messages that an earlier page could not send.
    pub(super) fn send_the_kept(self, browser: &Browser) {
        for unsent in kept(browser) {
            self.follow(browser, unsent.room.clone(), None);
            let id = unsent.id.clone();
            self.unsent.update(|all| all.push(unsent));
            self.send(&id);
        }
    }

    /// Sends a message, for the first time or once more: it is one message.
    pub(super) fn send(self, id: &MessageId) {
        let Some(browser) = self.browser.get() else { return };
        let Some(Some(unsent)) = self.unsent.look(|all| all.iter().find(|one| one.id == *id).cloned()) else {
            return;
        };
        // The server makes of it how others tell this reader from another of the same name; nobody else is told it.
        let client = self.announced.with(|announced| announced.client.clone()).flatten();
        let client = client.map_or(Value::Null, |client| Value::String(client.to_string()));
        let said =
            [("name", Value::String(unsent.name)), ("text", Value::String(unsent.text)), ("client", client)];
        let message = ClientMessage { id: unsent.id, topic: unsent.room.chat_topic(), data: object(said) };
        self.with_unsent(id, |one| one.state = SendState::Sending);
        let told = id.clone();
        let guard = browser.messages.send(message, Box::new(move |answer| self.told(&told, answer)));
        // One that was refused at once stays so.
        self.with_unsent(id, |one| one.guard = (one.state == SendState::Sending).then(|| Guard::new(guard)));
    }

    /// Forgets a message that was not taken.
    pub(super) fn discard(self, id: &MessageId) {
        if let Some(browser) = self.browser.get() {
            keep(&browser, id, None);
        }
        self.unsent.update(|all| all.retain(|one| one.id != *id));
    }

    fn told(self, id: &MessageId, answer: SendOutcome) {
        match answer {
            SendOutcome::Sent(_) => {
                if let Some(browser) = self.browser.get() {
                    keep(&browser, id, None);
                }
                // Usually the room has told it before.
                let heard =
                    self.rooms.look(|rooms| rooms.iter().any(|room| room.has(id))).unwrap_or_default();
                self.with_unsent(id, |one| one.state = SendState::Sent);
                if heard {
                    self.heard(id);
                }
            }
            SendOutcome::Rejected(error) => {
                self.with_unsent(id, |one| one.state = SendState::Failed(error.reason()));
            }
        }
    }

    /// The room has told a message. One whose receipt is still to come goes on being sent, unseen.
    pub(super) fn heard(self, id: &MessageId) {
        let known = |all: &Vec<Unsent>| all.iter().any(|one| one.id == *id && one.state == SendState::Sent);
        if self.unsent.look(known).unwrap_or_default() {
            self.unsent.update(|all| all.retain(|one| one.id != *id));
        }
    }

    fn with_unsent(self, id: &MessageId, change: impl FnOnce(&mut Unsent)) {
        self.unsent.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == *id) {
                change(one);
            }
        });
    }
}

/// A JSON object.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}
