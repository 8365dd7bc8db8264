//! What the page knows of the chat.

use std::{any::Any, sync::Arc};

use common::chat::{ChatName, Presence, RoomId, RoomInfo};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{memory::Memory, presence::Announced, room::Room, unsent::Unsent};
use crate::{
    format,
    live::{Kept, Slot, effect},
    page::Page,
    ports::{Browser, Notice},
    widgets::Place,
};

const DAY_MS: f64 = 86_400_000.0;
/// How often at most screen readers are told of new messages, milliseconds.
const SPOKEN_MS: f64 = 5_000.0;

/// The chat; provided by [`crate::App`].
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) open: Slot<bool>,
    /// What the reader is called; empty before they have said so.
    pub(super) name: Slot<String>,
    /// The room the reader is in.
    pub(super) here: Slot<RoomId>,
    /// Those that are followed.
    pub(super) rooms: Slot<Vec<Room>>,
    /// Who is in them.
    pub(super) there: Slot<Vec<(RoomId, Presence)>>,
    /// Those that there are on the server.
    pub(super) others: Slot<Vec<RoomInfo>>,
    pub(super) unsent: Slot<Vec<Unsent>>,
    /// The dates of today and yesterday.
    pub(super) today: Slot<[String; 2]>,
    /// The button that opens it.
    pub(super) button: Place,
    /// Whether older messages than the newest are being read.
    pub(super) scrolled: Slot<bool>,
    /// What screen readers are to say: how many messages came, and from whom the last one is.
    pub(super) heard: Slot<(usize, String)>,
    /// What was typed and not sent.
    pub(super) draft: Kept<String>,
    pub(super) announced: Kept<Announced>,
    pub(super) browser: Kept<Option<Browser>>,
    pub(super) moments: Kept<Moments>,
    /// The following of the list of rooms; none in a browser that has never chatted.
    pub(super) list: Kept<Option<Guard>>,
    guards: Kept<Vec<Guard>>,
}

/// Something that ends when it is dropped.
#[derive(Clone)]
pub(super) struct Guard {
    _held: Arc<SendWrapper<Box<dyn Any>>>,
}

impl Guard {
    pub(super) fn new(held: Box<dyn Any>) -> Self {
        Self { _held: Arc::new(SendWrapper::new(held)) }
    }
}

/// By the browser's clock, milliseconds since 1970.
#[derive(Default)]
pub(super) struct Moments {
    /// A page that is shown ticks every second.
    pub(super) ticked: f64,
    spoken: f64,
    /// What screen readers are to be told next.
    pub(super) coming: (usize, String),
}

impl Chat {
    pub(crate) fn new() -> Self {
        let chat = Self {
            open: Slot::new(false),
            name: Slot::new(String::new()),
            here: Slot::new(RoomId::lobby()),
            rooms: Slot::new(Vec::new()),
            there: Slot::new(Vec::new()),
            others: Slot::new(Vec::new()),
            unsent: Slot::new(Vec::new()),
            today: Slot::new([const { String::new() }; 2]),
            button: Place::new(),
            scrolled: Slot::new(false),
            heard: Slot::new((0, String::new())),
            draft: Kept::new(String::new()),
            announced: Kept::new(Announced::default()),
            browser: Kept::new(use_context()),
            moments: Kept::new(Moments::default()),
            list: Kept::new(None),
            guards: Kept::new(Vec::new()),
        };
        effect(move || {
            if let Some(browser) = chat.browser.get() {
                untrack(|| chat.come_to_life(&browser));
            }
        });
        chat
    }

    pub(crate) fn here() -> Self {
        Page::here().chat
    }

    fn come_to_life(self, browser: &Browser) {
        let memory = Memory::of(browser);
        let client = memory.client.unwrap_or_else(|| browser.new_message_id());
        self.announced.update(|announced| announced.client = Some(client));
        browser.on_notice(Box::new(move |notice| {
            if let Notice::Gap { topics, .. } = notice {
                self.miss(&topics);
            }
        }));
        let tick = browser.every_second(Box::new(move || self.tick()));
        self.guards.update(|guards| guards.push(Guard::new(tick)));
        for (room, read) in memory.rooms {
            self.follow(browser, room, read);
        }
        self.name.set(memory.name);
        self.here.set(memory.here.unwrap_or_else(RoomId::lobby));
        self.send_the_kept(browser);
        if memory.open {
            self.show(true);
        }
    }

    /// Opens or closes the panel.
    pub(crate) fn show(self, open: bool) {
        if open {
            return self.go(&self.here.peek());
        }
        self.announce(false, true);
        self.open.set(false);
        self.remember();
    }

    /// Opens the panel in a room: the one at this place among all rooms.
    pub(crate) fn show_room(self, index: usize) {
        if let Some((room, _)) = untrack(|| self.all_rooms()).into_iter().nth(index) {
            self.go(&room);
        }
    }

    /// Says what the reader is called; whether that is a name.
    pub(super) fn call(self, name: &str) -> bool {
        let Ok(name) = name.parse::<ChatName>() else { return false };
        self.name.set(name.to_string());
        self.announce(false, false);
        self.remember();
        true
    }

    /// How many messages nobody has looked at, tracked.
    pub(crate) fn unread(self) -> usize {
        let me = self.name.get();
        self.rooms.with(|rooms| rooms.iter().map(|room| room.unread(&me)).sum())
    }

    /// A room that is followed, tracked.
    pub(super) fn room(self) -> Option<Room> {
        let here = self.here.get();
        self.rooms.with(|rooms| rooms.iter().find(|room| room.id == here).cloned())
    }

    /// Who is in the room the reader is in, tracked; none before the server has said so.
    pub(super) fn presence(self) -> Option<Presence> {
        let here = self.here.get();
        self.there
            .with(|there| there.iter().find(|(room, _)| *room == here).map(|(_, presence)| presence.clone()))
    }

    /// The rooms there are, those that are followed first, and how many unread messages each has; tracked.
    pub(crate) fn all_rooms(self) -> Vec<(RoomId, usize)> {
        let me = self.name.get();
        let mut all: Vec<_> =
            self.rooms.with(|rooms| rooms.iter().map(|room| (room.id.clone(), room.unread(&me))).collect());
        self.others.with(|others| {
            for info in others {
                if all.iter().all(|known| known.0 != info.room) {
                    all.push((info.room.clone(), 0));
                }
            }
        });
        all
    }

    fn tick(self) {
        let Some(browser) = self.browser.get() else { return };
        let now = browser.now();
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
        let zone = browser.zone_minutes(now);
        let today = [now, now - DAY_MS].map(|at| format::date(at as u64, zone));
        if self.today.look(|known| *known != today) == Some(true) {
            self.today.set(today);
        }
        self.look();
        self.announce_in_time(now);
    }
}
