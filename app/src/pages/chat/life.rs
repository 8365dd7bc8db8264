//! The rest of the chat: what only those need who chat.

use common::chat::{ChatName, Presence, RoomId};
use leptos::prelude::*;

use super::{
    Chat,
    body::body,
    guard::Guard,
    memory::{self, Memory},
    room::Room,
    state::ChatCalls,
};
use crate::{
    format,
    lazy::ChunkContent,
    ports::{Browser, Notice},
};

/// Screen readers announce new messages at most this often, milliseconds.
const SPOKEN_MS: f64 = 5_000.0;

/// All of it, as the page calls it.
pub(crate) static CHAT: ChunkContent = ChunkContent {
    view: body,
    rest: &ChatCalls { begin: Chat::begin, open: Chat::open, close: Chat::close },
};

impl Chat {
    fn begin(self, browser: &Browser) {
        let memory = Memory::of(browser);
        let client = memory.client.unwrap_or_else(|| browser.messages.new_message_id());
        self.announced.update(|announced| announced.client = Some(client));
        browser.link.on_notice(Box::new(move |notice| {
            if let Notice::Gap { topics, .. } = notice {
                self.miss(&topics);
            }
        }));
        let tick = browser.clock.every_second(Box::new(move || self.tick()));
        self.guards.update(|guards| guards.push(Guard::new(tick)));
        for (room, read) in memory.rooms {
            self.follow(browser, room, read);
        }
        self.sender.set(memory.sender);
        self.name.set(memory.name);
        self.here.set(memory.here.unwrap_or_else(RoomId::lobby));
        self.send_the_kept(browser);
        if self.open.peek() {
            self.open(None);
        }
    }

    fn open(self, index: Option<usize>) {
        let chosen = index.and_then(|index| untrack(|| self.all_rooms()).into_iter().nth(index));
        let room = chosen.map_or_else(|| self.here.peek(), |(room, _)| room);
        self.go(&room);
    }

    fn close(self) {
        // A reader who closes the panel has seen it: messages since the last tick are not unread.
        self.look();
        self.announce(false, true);
        self.open.set(false);
        self.remember();
    }

    /// Keeps the state in this browser.
    pub(super) fn remember(self) {
        let Some(browser) = self.browser.get() else { return };
        let memory = Memory {
            client: self.announced.with(|announced| announced.client.clone()).flatten(),
            name: self.name.peek(),
            sender: self.sender.peek(),
            open: self.open.peek(),
            here: Some(self.here.peek()),
            rooms: self
                .rooms
                .look(|rooms| rooms.iter().map(|room| (room.id.clone(), room.read)).collect())
                .unwrap_or_default(),
        };
        browser.storage.keep(memory::KEPT, serde_json::to_string(&memory).ok().as_deref());
    }

    /// Says what the reader is called; whether that is a name.
    pub(super) fn call(self, name: &str) -> bool {
        let Ok(name) = name.parse::<ChatName>() else { return false };
        self.name.set(name.to_string());
        self.announce(false, false);
        self.remember();
        true
    }

    /// A room that is followed, tracked.
    pub(super) fn room(self) -> Option<Room> {
        let here = self.here.get();
        self.rooms.with(|rooms| rooms.iter().find(|room| room.id == here).cloned())
    }

    /// Returns the people in the current room, tracked; none before the server has sent them.
    pub(super) fn presence(self) -> Option<Presence> {
        let here = self.here.get();
        self.there
            .with(|there| there.iter().find(|(room, _)| *room == here).map(|(_, presence)| presence.clone()))
    }

    fn tick(self) {
        let Some(browser) = self.browser.get() else { return };
        let now = browser.clock.now();
        let coming = self.moments.update(|moments| {
            moments.ticked = now;
            (moments.coming.0 > 0 && now - moments.spoken >= SPOKEN_MS).then(|| {
                moments.spoken = now;
                std::mem::take(&mut moments.coming)
            })
        });
        if let Some(Some(coming)) = coming {
            self.heard.set(coming);
        }
        let today = format::date_and_eve(now as u64, browser.clock.zone_minutes(now));
        if self.today.look(|known| *known != today) == Some(true) {
            self.today.set(today);
        }
        self.look();
        self.announce_in_time(now);
    }
}
