//! The state of one room.

use std::sync::Arc;

use common::{
    Cursor, Epoch, MessageId, Seq,
    chat::{ChatMessage, RoomId, SenderId},
};

use super::guard::Guard;

/// A page keeps at most this many messages of a room; when there are more, the older half goes.
const KEPT: usize = 400;

/// The place before all messages: where someone stands who has looked at an empty room.
const BEFORE_ALL: Cursor = Cursor::new(Epoch(0), Seq::START);

/// A room that is followed.
#[derive(Clone)]
pub(super) struct Room {
    pub(super) id: RoomId,
    /// The messages, in the log's order.
    pub(super) said: Vec<Arc<ListedItem>>,
    /// Everything up to here has been looked at; none in a room that was never looked at.
    pub(super) read: Option<Cursor>,
    /// The position of the line "new": before the first message after this cursor.
    pub(super) line: Option<Cursor>,
    /// True if the server has sent the stored messages: they come with the presence.
    pub(super) arrived: bool,
    /// True if the stored messages have arrived and were marked as read: later ones arrive in view.
    settled: bool,
    /// Dropping them ends the following.
    pub(super) guards: Vec<Guard>,
}

/// Something that stands in the list.
#[derive(Debug, PartialEq)]
pub(super) enum ListedItem {
    Message(Cursor, ChatMessage),
    /// Messages are missing here.
    Gap,
}

impl Room {
    pub(super) fn new(id: RoomId, read: Option<Cursor>) -> Self {
        let (said, guards) = (Vec::new(), Vec::new());
        Self { id, said, read, line: None, arrived: false, settled: false, guards }
    }

    /// A message has come; whether the reader sees it coming.
    pub(super) fn add(&mut self, cursor: Cursor, message: ChatMessage, seen: bool) {
        if self.said.len() >= KEPT {
            self.said.drain(..KEPT / 2);
        }
        self.said.push(Arc::new(ListedItem::Message(cursor, message)));
        if seen && self.settled {
            self.read = Some(cursor);
        }
    }

    /// Messages were lost here; said once, however often it is told.
    pub(super) fn miss(&mut self) {
        if !self.said.is_empty() && !matches!(self.said.last().map(|said| &**said), Some(ListedItem::Gap)) {
            self.said.push(Arc::new(ListedItem::Gap));
        }
    }

    pub(super) fn has(&self, id: &MessageId) -> bool {
        self.said
            .iter()
            .rev()
            .any(|said| matches!(&**said, ListedItem::Message(_, message) if message.id == *id))
    }

    /// Counts the unread messages of others.
    pub(super) fn unread(&self, me: Option<SenderId>) -> usize {
        let Some(read) = self.read else { return 0 };
        let is_unread = |said: &&Arc<ListedItem>| match &***said {
            ListedItem::Message(cursor, message) => is_after(*cursor, read) && !is_by(message, me),
            ListedItem::Gap => false,
        };
        self.said.iter().filter(is_unread).count()
    }

    /// Returns true if marking the room as read would change anything.
    pub(super) fn has_news(&self) -> bool {
        let arrived = self.arrived || !self.said.is_empty();
        arrived && (!self.settled || self.read != Some(self.newest()))
    }

    /// The reader looks at the newest messages. Those that came unseen get the line.
    pub(super) fn look(&mut self, me: Option<SenderId>) {
        if self.unread(me) > 0 {
            self.line = self.read;
        }
        self.settled = true;
        self.read = Some(self.newest());
    }

    fn newest(&self) -> Cursor {
        let cursor = |said: &Arc<ListedItem>| match &**said {
            ListedItem::Message(cursor, _) => Some(*cursor),
            ListedItem::Gap => None,
        };
        self.said.iter().rev().find_map(cursor).unwrap_or(BEFORE_ALL)
    }
}

/// Returns true if the reader is the author. A name says nothing: another may have the same.
pub(super) fn is_by(message: &ChatMessage, me: Option<SenderId>) -> bool {
    me.is_some() && message.sender == me
}

/// Returns true if a cursor is later than another. What a later life of the log says is later than all of an earlier
/// one.
pub(super) fn is_after(cursor: Cursor, place: Cursor) -> bool {
    (cursor.epoch, cursor.seq) > (place.epoch, place.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Cursor {
        Cursor::new(Epoch(1), Seq(seq))
    }

    /// One for each name.
    fn sender(name: &str) -> SenderId {
        SenderId::new(name.bytes().map(u64::from).sum())
    }

    fn me() -> Option<SenderId> {
        Some(sender("Me"))
    }

    fn message(seq: u64, name: &str) -> ChatMessage {
        let id = format!("message-{seq}").parse().expect("an id");
        ChatMessage { id, name: name.into(), text: "hi".into(), sender: Some(sender(name)), at: seq }
    }

    fn room(names: &[&str], read: Option<u64>) -> Room {
        let mut room = Room::new(RoomId::lobby(), read.map(at));
        for (seq, name) in (1..).zip(names) {
            room.add(at(seq), message(seq, name), false);
        }
        room
    }

    #[test]
    fn what_others_said_since_is_unread_until_it_is_looked_at_and_then_has_the_line() {
        let mut room = room(&["Kim", "Lee", "Kim", "Me"], Some(1));
        assert_eq!(room.unread(me()), 2);
        assert!(room.has_news());
        room.look(me());
        assert_eq!((room.unread(me()), room.line, room.read), (0, Some(at(1)), Some(at(4))));
        assert!(!room.has_news());
    }

    #[test]
    fn another_of_the_same_name_is_somebody_else() {
        let mut room = room(&["Me", "Me"], Some(0));
        let ListedItem::Message(_, second) = &*room.said[1] else { panic!("a message") };
        let second = ChatMessage { sender: Some(sender("Kim")), ..second.clone() };
        room.said[1] = Arc::new(ListedItem::Message(at(2), second.clone()));
        assert_eq!(room.unread(me()), 1);
        assert!(!is_by(&second, me()));
        assert!(!is_by(&ChatMessage { sender: None, ..second }, None), "who is not known is not the reader");
    }

    #[test]
    fn what_is_seen_coming_is_neither_unread_nor_new() {
        let mut room = room(&["Kim"], Some(1));
        room.add(at(2), message(2, "Lee"), true);
        assert_eq!(room.unread(me()), 1, "what had been said before may still be arriving");
        room.look(me());
        room.line = None;
        room.add(at(3), message(3, "Lee"), true);
        assert_eq!((room.unread(me()), room.has_news()), (0, false));
        room.add(at(4), message(4, "Me"), false);
        room.look(me());
        assert_eq!(room.line, None, "one's own message is not new");
    }

    #[test]
    fn in_a_room_that_is_new_to_the_reader_nothing_is_unread_before_they_have_looked() {
        let mut full = room(&["Kim"], None);
        assert_eq!(full.unread(me()), 0);
        full.look(me());
        assert_eq!(full.line, None);
        let mut empty = room(&[], None);
        assert!(!empty.has_news(), "nothing is known of it yet");
        empty.arrived = true;
        assert!(empty.has_news());
        empty.look(me());
        empty.add(at(7), message(7, "Kim"), false);
        assert_eq!(empty.unread(me()), 1);
    }

    #[test]
    fn a_room_on_the_page_has_a_bound_and_a_gap_is_said_once() {
        let mut room = Room::new(RoomId::lobby(), None);
        room.miss();
        assert!(room.said.is_empty(), "before the first message nothing is missed");
        for seq in 1..=1000 {
            room.add(at(seq), message(seq, "Kim"), false);
            assert!(room.said.len() <= KEPT);
        }
        room.miss();
        room.miss();
        assert_eq!(room.said.iter().filter(|said| ***said == ListedItem::Gap).count(), 1);
        assert!(room.has(&message(1000, "Kim").id) && !room.has(&message(1, "Kim").id));
    }
}
