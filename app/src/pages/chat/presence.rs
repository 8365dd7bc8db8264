//! Telling the room that the reader is there, and telling the reader who is.

use common::{
    ClientMessage,
    chat::{Person, Presence, RoomId, SenderId},
};
use serde_json::Value;

use super::words::ChatWords;
use super::{Chat, guard::Guard, sending::object};

/// Present readers announce themselves this often, milliseconds: less than half of the time after which the server
/// removes them.
const AGAIN_MS: f64 = 20_000.0;
/// Typing readers announce it this often, milliseconds: before it expires.
const TYPING_AGAIN_MS: f64 = 4_000.0;
/// An announcement may take this long to take effect, milliseconds.
const JUST_NOW_MS: f64 = 2_000.0;
/// A reader who touches no key for this long has stopped typing, milliseconds.
const STOPPED_MS: f64 = 5_000.0;

impl Chat {
    /// Says that the reader is in the room, or leaves it.
    pub(super) fn announce(self, typing: bool, leaving: bool) {
        let (Some(browser), name) = (self.browser.get(), self.name.peek()) else { return };
        let Some(Some(client)) = self.announced.with(|announced| announced.client.clone()) else { return };
        let may_enter = leaving || (self.open.peek() && self.has_had_a_line());
        if name.is_empty() || !may_enter {
            return;
        }
        let data = object([
            ("client", Value::String(client.to_string())),
            ("name", Value::String(name)),
            ("typing", Value::Bool(typing)),
            ("leaving", Value::Bool(leaving)),
        ]);
        let message = ClientMessage {
            id: browser.messages.new_message_id(),
            topic: self.here.peek().presence_topic(),
            data,
        };
        // Nobody waits for the answer: what was not heard is said again soon.
        let guard = Guard::new(browser.messages.send(message, Box::new(|_| ())));
        let now = browser.clock.now();
        let last = self.announced.update(|announced| {
            (announced.at, announced.typing) = (now, typing);
            announced.guard.replace(guard)
        });
        drop(last);
    }

    /// Says whether a line has told the list of rooms, as each does first. Presence hangs on a live connection: before that it would be
    /// refused.
    fn has_had_a_line(self) -> bool {
        self.others.look(|rooms| !rooms.is_empty()).unwrap_or_default()
    }

    /// Says it again where the room does not know of the reader, unless it was only just said.
    pub(super) fn announce_if_unheard(self) {
        let Some(browser) = self.browser.get() else { return };
        if self.announced.with(|announced| browser.clock.now() - announced.at >= JUST_NOW_MS) == Some(true) {
            self.announce(false, false);
        }
    }

    /// A key was touched in the field; whether there is anything in it.
    pub(super) fn typed(self, anything: bool) {
        let Some(browser) = self.browser.get() else { return };
        let now = browser.clock.now();
        let due = self.announced.update(|announced| {
            announced.typed = now;
            announced.typing != anything || (anything && now - announced.at >= TYPING_AGAIN_MS)
        });
        if due == Some(true) {
            self.announce(anything, false);
        }
    }

    /// Says it again in time.
    pub(super) fn announce_in_time(self, now: f64) {
        let due = self.announced.with(|announced| {
            let stopped = announced.typing && now - announced.typed >= STOPPED_MS;
            (stopped || now - announced.at >= AGAIN_MS, announced.typing && !stopped)
        });
        if let Some((true, typing)) = due {
            self.announce(typing, false);
        }
    }
}

/// Lists the people who are typing, without the reader.
pub(super) fn typing(
    presence: Option<&Presence>,
    me: Option<SenderId>,
    name: &str,
    words: &ChatWords,
) -> String {
    let people = presence.map(|presence| presence.people.as_slice()).unwrap_or_default();
    let mut names =
        people.iter().filter(|person| person.typing && !is_me(person, me, name)).map(|person| &person.name);
    match (names.next(), names.next(), names.next()) {
        (None, ..) => String::new(),
        (Some(one), None, _) => (words.one_types)(&isolated(one)),
        (Some(one), Some(two), None) => (words.two_type)(&isolated(one), &isolated(two)),
        _ => words.many_typing.to_owned(),
    }
}

/// Returns true if the person is the reader: by their id, or by their name before their first message.
pub(super) fn is_me(person: &Person, me: Option<SenderId>, name: &str) -> bool {
    match (person.sender, me) {
        (Some(theirs), Some(mine)) => theirs == mine,
        _ => person.name == name,
    }
}

/// The names of those who are there.
pub(super) fn names(presence: Option<&Presence>) -> String {
    let people = presence.map(|presence| presence.people.as_slice()).unwrap_or_default();
    people.iter().map(|person| isolated(&person.name)).collect::<Vec<_>>().join(", ")
}

/// A name within a sentence: whichever way it is written, the sentence keeps its own (UAX #9 §2.4, FSI and PDI).
pub(super) fn isolated(name: &str) -> String {
    ["\u{2068}", name, "\u{2069}"].concat()
}

/// A room's name as people write it.
pub(super) fn hash(room: &RoomId) -> String {
    ["#", room.as_str()].concat()
}
