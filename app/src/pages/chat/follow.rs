//! Rooms that are followed, and what they tell.

use common::{
    Cursor, Topic,
    chat::{ChatMessage, Presence, RoomId},
    frame::Event,
};
use serde::de::DeserializeOwned;

use super::{
    Chat,
    guard::Guard,
    presence::is_me,
    room::{Room, is_by},
    unsent::Unsent,
};
use crate::ports::Browser;

/// At most this many rooms are followed; entering one more leaves another. Two topics each: a line has room for 64.
const FOLLOWED: usize = 8;
/// A page that is shown ticks every second: without a tick for so long, nobody looks at it. Milliseconds.
const SHOWN_MS: f64 = 2_500.0;

impl Chat {
    /// Opens the panel in a room.
    pub(super) fn go(self, room: &RoomId) {
        let Some(browser) = self.browser.get() else { return };
        self.follow(&browser, room.clone(), None);
        if *room != self.here.peek() {
            self.announce(false, true);
        }
        self.here.set(room.clone());
        self.scrolled.set(false);
        self.open.set(true);
        self.with_room(room, |room| room.line = None);
        self.look();
        self.announce(false, false);
        self.remember();
    }

    /// The reader may be looking at the newest messages.
    pub(super) fn look(self) {
        if !self.open.peek() || self.scrolled.peek() {
            return;
        }
        let here = self.here.peek();
        let news = |rooms: &Vec<Room>| rooms.iter().any(|room| room.id == here && room.has_news());
        if self.rooms.look(news).unwrap_or_default() {
            let me = self.sender.peek();
            self.with_room(&here, |room| room.look(me));
            self.remember();
        }
    }

    /// Follows a room that was read up to there, unless it is followed.
    pub(super) fn follow(self, browser: &Browser, id: RoomId, read: Option<Cursor>) {
        if self.list.with(Option::is_none) == Some(true) {
            let list =
                browser.messages.watch(rooms_topic(), None, Box::new(move |event| self.on_room_list(event)));
            self.list.set(Some(Guard::new(list)));
        }
        if self.rooms.look(|rooms| rooms.iter().any(|room| room.id == id)) != Some(false) {
            return;
        }
        let (said, there) = (id.clone(), id.clone());
        let said = browser.messages.watch(
            id.chat_topic(),
            None,
            Box::new(move |event| self.on_message(&said, event)),
        );
        let there = browser.messages.watch(
            id.presence_topic(),
            None,
            Box::new(move |event| self.on_presence(&there, event)),
        );
        let mut room = Room::new(id, read);
        room.guards = [said, there].map(Guard::new).into();
        self.rooms.update(|rooms| {
            if rooms.len() >= FOLLOWED {
                // Not the lobby, which is the first, nor the one that was just left.
                rooms.remove(1);
            }
            let at = if room.id == RoomId::lobby() { 0 } else { rooms.len() };
            rooms.insert(at, room);
        });
    }

    fn on_message(self, room: &RoomId, event: &Event) {
        let (Some(message), Some(browser)) = (read_data::<ChatMessage>(event), self.browser.get()) else {
            return;
        };
        let now = browser.clock.now();
        let shown = self.moments.with(|moments| now - moments.ticked < SHOWN_MS).unwrap_or_default();
        let open = shown && self.open.peek() && *room == self.here.peek();
        self.know_own(&message);
        if open && !is_by(&message, self.sender.peek()) {
            self.moments.update(|moments| moments.coming = (moments.coming.0 + 1, message.name.clone()));
        }
        let id = message.id.clone();
        self.with_room(room, |room| room.add(event.cursor, message, open && !self.scrolled.peek()));
        self.heard(&id);
    }

    /// A message that is this page's own says by which id its reader is told apart.
    fn know_own(self, message: &ChatMessage) {
        let own = |all: &Vec<Unsent>| all.iter().any(|one| one.id == message.id);
        if message.sender.is_some()
            && message.sender != self.sender.peek()
            && self.unsent.look(own).unwrap_or_default()
        {
            self.sender.set(message.sender);
            self.remember();
        }
    }

    fn on_presence(self, room: &RoomId, event: &Event) {
        let Some(presence) = read_data::<Presence>(event) else { return };
        self.with_room(room, |room| room.arrived = true);
        if *room == self.here.peek() && presence.count == presence.people.len() {
            let (me, name) = (self.sender.peek(), self.name.peek());
            // A server that has started anew knows nobody yet.
            if !presence.people.iter().any(|person| is_me(person, me, &name)) {
                self.announce_if_unheard();
            }
        }
        self.there.update(|all| {
            all.retain(|(known, _)| known != room);
            all.push((room.clone(), presence));
        });
    }

    fn on_room_list(self, event: &Event) {
        if let Some(list) = read_data(event) {
            let first = self.others.look(Vec::is_empty).unwrap_or_default();
            self.others.set(list);
            if first {
                self.announce_if_unheard();
            }
        }
    }

    pub(super) fn miss(self, topics: &[Topic]) {
        self.rooms.update(|rooms| {
            for room in rooms.iter_mut().filter(|room| topics.contains(&room.id.chat_topic())) {
                room.miss();
            }
        });
    }

    pub(super) fn with_room(self, id: &RoomId, change: impl FnOnce(&mut Room)) {
        self.rooms.update(|rooms| {
            if let Some(room) = rooms.iter_mut().find(|room| room.id == *id) {
                change(room);
            }
        });
    }
}

fn rooms_topic() -> Topic {
    "rooms".parse().expect("a topic")
}

fn read_data<T: DeserializeOwned>(event: &Event) -> Option<T> {
    serde_json::from_str(event.data.get()).ok()
}
