//! What outlives the page, kept in this browser.

use common::{Cursor, MessageId, chat::RoomId};
use serde::{Deserialize, Serialize};

use super::Chat;
use crate::ports::Browser;

const KEPT: &str = "pulseboard.chat";

/// The tab that changes something last writes it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) client: Option<MessageId>,
    pub(super) name: String,
    pub(super) open: bool,
    pub(super) here: Option<RoomId>,
    /// Those that are followed, and up to where they were read.
    pub(super) rooms: Vec<(RoomId, Option<Cursor>)>,
}

impl Memory {
    pub(super) fn of(browser: &Browser) -> Self {
        browser.kept(KEPT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

impl Chat {
    pub(super) fn remember(self) {
        let Some(browser) = self.browser.get() else { return };
        let memory = Memory {
            client: self.announced.with(|announced| announced.client.clone()).flatten(),
            name: self.name.peek(),
            open: self.open.peek(),
            here: Some(self.here.peek()),
            rooms: self
                .rooms
                .look(|rooms| rooms.iter().map(|room| (room.id.clone(), room.read)).collect())
                .unwrap_or_default(),
        };
        browser.keep(KEPT, serde_json::to_string(&memory).ok().as_deref());
    }
}
