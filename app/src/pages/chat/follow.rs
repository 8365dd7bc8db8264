//! Rooms that are followed, and what they tell.

use common::{
    Cursor, Topic,
    chat::{ChatMessage, RoomId},
    frame::Event,
};
use serde::de::DeserializeOwned;

use super::{Chat, Guard, room::Room};
use crate::ports::Browser;

/// How many rooms are followed; entering one more leaves another. Two topics each: a line has room for 64.
const FOLLOWED: usize = 8;
/// A page that is shown ticks every second: without a tick for so long, nobody looks at it. Milliseconds.
const SHOWN_MS: f64 = 2_500.0;

impl Chat {
    /// Follows a room, and goes there.
    pub(super) fn enter(self, room: &RoomId, go: bool) {
        let Some(browser) = self.browser.get() else { return };
        if self.guards.with(Vec::len) == Some(1) {
            let list = browser.watch(rooms_topic(), None, Box::new(move |event| self.hear_list(event)));
            self.guards.update(|guards| guards.push(Guard::new(list)));
        }
        if !self.follows(room) {
            self.follow(&browser, room.clone(), None);
        }
        if go {
            if *room != self.here.peek() {
                self.announce(false, true);
            }
            self.here.set(room.clone());
            self.scrolled.set(false);
            self.with_room(room, |room| room.line = None);
            self.look();
            self.announce(false, false);
            self.remember();
        }
    }

    /// The reader may be looking at the newest messages.
    pub(super) fn look(self) {
        if !self.open.peek() || self.scrolled.peek() {
            return;
        }
        let here = self.here.peek();
        let news = |rooms: &Vec<Room>| rooms.iter().any(|room| room.id == here && room.has_news());
        if self.rooms.look(news).unwrap_or_default() {
            let me = self.name.peek();
            self.with_room(&here, |room| room.look(&me));
            self.remember();
        }
    }

    pub(super) fn follow(self, browser: &Browser, id: RoomId, read: Option<Cursor>) {
        if self.follows(&id) {
            return;
        }
        let (heard, seen) = (id.clone(), id.clone());
        let said = browser.watch(id.chat_topic(), None, Box::new(move |event| self.hear(&heard, event)));
        let there = browser.watch(
            id.presence_topic(),
            None,
            Box::new(move |event| {
                if let Some(presence) = read_data(event) {
                    self.with_room(&seen, |room| room.presence = Some(presence));
                }
            }),
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

    fn follows(self, id: &RoomId) -> bool {
        self.rooms.look(|rooms| rooms.iter().any(|room| room.id == *id)).unwrap_or_default()
    }

    fn hear(self, room: &RoomId, event: &Event) {
        let (Some(message), Some(browser)) = (read_data::<ChatMessage>(event), self.browser.get()) else {
            return;
        };
        let now = browser.now();
        let shown = self.moments.with(|moments| now - moments.ticked < SHOWN_MS).unwrap_or_default();
        let open = shown && self.open.peek() && *room == self.here.peek();
        if open && message.name != self.name.peek() {
            self.moments.update(|moments| moments.coming = (moments.coming.0 + 1, message.name.clone()));
        }
        let id = message.id.clone();
        self.with_room(room, |room| room.hear(event.cursor, message, open && !self.scrolled.peek()));
        self.heard(&id);
    }

    fn hear_list(self, event: &Event) {
        if let Some(list) = read_data(event) {
            self.others.set(list);
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
