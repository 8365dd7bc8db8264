//! What the page knows of the chat. What it does with it is in the rest, which comes when it is needed.

use std::{any::Any, sync::Arc};

use common::chat::{Presence, RoomId, RoomInfo, SenderId};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{load::fetch, memory, presence::Announced, room::Room, unsent::Unsent};
use crate::{
    live::{Kept, Slot, effect},
    page::Page,
    pieces::{self, Piece},
    ports::Browser,
    widgets::Place,
};

/// The chat; provided by [`crate::App`].
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) open: Slot<bool>,
    /// The rest of it.
    pub(super) piece: Piece,
    /// What the reader is called; empty before they have said so.
    pub(super) name: Slot<String>,
    /// How the server tells this reader from others of the same name; known once the first of their messages has come back.
    pub(super) sender: Slot<Option<SenderId>>,
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
    pub(super) guards: Kept<Vec<Guard>>,
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
    /// When screen readers were last told something.
    pub(super) spoken: f64,
    /// What screen readers are to be told next.
    pub(super) coming: (usize, String),
}

impl Chat {
    pub(crate) fn new() -> Self {
        let chat = Self {
            open: Slot::new(false),
            piece: Piece::new(pieces::chat),
            name: Slot::new(String::new()),
            sender: Slot::new(None),
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
            let kept = chat.browser.get().and_then(|browser| browser.kept(memory::KEPT));
            match kept {
                // The panel is there at once, as it was left: what comes to stand in it moves nothing.
                Some(kept) if memory::was_open(&kept) => chat.show(true),
                Some(_) => fetch(chat),
                None => {}
            }
        });
        chat
    }

    pub(crate) fn here() -> Self {
        Page::here().chat
    }

    /// Opens or closes the panel.
    pub(crate) fn show(self, open: bool) {
        match self.rest() {
            Some(rest) if open => (rest.open)(self, None),
            Some(rest) => (rest.close)(self),
            // The panel that opens asks for it.
            None => self.open.set(open),
        }
    }

    /// Opens the panel in a room: the one at this place among all rooms.
    pub(crate) fn show_room(self, index: usize) {
        if let Some(rest) = self.rest() {
            (rest.open)(self, Some(index));
        }
    }

    /// How many messages nobody has looked at, tracked.
    pub(crate) fn unread(self) -> usize {
        let me = self.sender.get();
        self.rooms.with(|rooms| rooms.iter().map(|room| room.unread(me)).sum())
    }

    /// The rooms there are, those that are followed first, and how many unread messages each has; tracked.
    pub(crate) fn all_rooms(self) -> Vec<(RoomId, usize)> {
        let me = self.sender.get();
        let mut all: Vec<_> =
            self.rooms.with(|rooms| rooms.iter().map(|room| (room.id.clone(), room.unread(me))).collect());
        self.others.with(|others| {
            for info in others {
                if all.iter().all(|known| known.0 != info.room) {
                    all.push((info.room.clone(), 0));
                }
            }
        });
        all
    }
}
