//! The state of the chat. What it does with it is in the rest, which comes when it is needed.

use common::chat::{Presence, RoomId, RoomInfo, SenderId};
use leptos::prelude::*;

use super::{announced::Announced, guard::Guard, memory, room::Room, unsent::Unsent};
use crate::{
    lazy::{ChunkContent, LazyChunk},
    live::{Cell, Stored, effect},
    parts,
    ports::Browser,
    widgets::ElementRef,
};

/// The chat; provided by [`crate::App`].
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) open: Cell<bool>,
    /// The rest of it.
    pub(super) piece: LazyChunk,
    /// The reader's name; empty before they have chosen one.
    pub(super) name: Cell<String>,
    /// The id by which the server tells this reader from others of the same name; known once the first of their
    /// messages has come back.
    pub(super) sender: Cell<Option<SenderId>>,
    /// The room the reader is in.
    pub(super) here: Cell<RoomId>,
    /// Those that are followed.
    pub(super) rooms: Cell<Vec<Room>>,
    /// The people in the followed rooms.
    pub(super) there: Cell<Vec<(RoomId, Presence)>>,
    /// Those that there are on the server.
    pub(super) others: Cell<Vec<RoomInfo>>,
    pub(super) unsent: Cell<Vec<Unsent>>,
    /// The dates of today and yesterday.
    pub(super) today: Cell<[String; 2]>,
    /// The button that opens it.
    pub(super) button: ElementRef,
    /// True if the reader has scrolled to older messages.
    pub(super) scrolled: Cell<bool>,
    /// The announcement for screen readers: the number of new messages, and the author of the last one.
    pub(super) heard: Cell<(usize, String)>,
    /// The text that was typed and not sent.
    pub(super) draft: Stored<String>,
    pub(super) announced: Stored<Announced>,
    pub(super) browser: Stored<Option<Browser>>,
    pub(super) moments: Stored<Moments>,
    /// The following of the list of rooms; none in a browser that has never chatted.
    pub(super) list: Stored<Option<Guard>>,
    pub(super) guards: Stored<Vec<Guard>>,
}

/// The rest of the chat, as the page calls it.
pub(super) struct ChatCalls {
    /// Takes up what this browser has kept.
    pub(super) begin: fn(Chat, &Browser),
    /// Opens the panel in the room at this place among all rooms, or in the one the reader is in.
    pub(super) open: fn(Chat, Option<usize>),
    /// Closes the panel.
    pub(super) close: fn(Chat),
}

/// By the browser's clock, milliseconds since 1970.
#[derive(Default)]
pub(super) struct Moments {
    /// A page that is shown ticks every second.
    pub(super) ticked: f64,
    /// When screen readers were last told something.
    pub(super) spoken: f64,
    /// The next announcement for screen readers.
    pub(super) coming: (usize, String),
}

impl Chat {
    pub(crate) fn new() -> Self {
        let chat = Self {
            open: Cell::new(false),
            piece: LazyChunk::of("chat"),
            name: Cell::new(String::new()),
            sender: Cell::new(None),
            here: Cell::new(RoomId::lobby()),
            rooms: Cell::new(Vec::new()),
            there: Cell::new(Vec::new()),
            others: Cell::new(Vec::new()),
            unsent: Cell::new(Vec::new()),
            today: Cell::new([const { String::new() }; 2]),
            button: ElementRef::new(),
            scrolled: Cell::new(false),
            heard: Cell::new((0, String::new())),
            draft: Stored::new(String::new()),
            announced: Stored::new(Announced::default()),
            browser: Stored::new(use_context()),
            moments: Stored::new(Moments::default()),
            list: Stored::new(None),
            guards: Stored::new(Vec::new()),
        };
        effect(move || {
            let kept = chat.browser.get().and_then(|browser| browser.storage.kept(memory::KEPT));
            match kept {
                // The panel is there at once, as it was left: what comes to stand in it moves nothing.
                Some(kept) if memory::was_open(&kept) => chat.show(true),
                Some(_) => chat.fetch(),
                None => {}
            }
        });
        chat
    }

    /// Provides the chat for the page.
    pub(crate) fn provide() {
        parts::share(Self::new());
    }

    pub(crate) fn here() -> Self {
        parts::shared()
    }

    /// The rest, where it is here.
    fn rest(self) -> Option<&'static ChatCalls> {
        self.piece.here().and_then(|content| content.rest.downcast_ref())
    }

    /// Asks for the rest, and lets it begin.
    pub(super) fn fetch(self) {
        if let Some(browser) = self.browser.get() {
            let begin = move |content: &'static ChunkContent| {
                if let Some(rest) = content.rest.downcast_ref::<ChatCalls>() {
                    (rest.begin)(self, &browser);
                }
            };
            self.piece.fetch(Box::new(begin));
        }
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

    /// Counts the unread messages, tracked.
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
