//! Chat: rooms that are topics of the log. A message is a publication on `chat/<room>`, taken once however often it is
//! sent; who is there stands on `presence/<room>`, and which rooms there are on `rooms`.
//!
//! What was said is the log's to keep. Here is only an index over it, read from the log when the server starts.

mod api;
mod error;
mod feature;
mod limits;
mod members;
#[cfg(test)]
mod month;
mod people;
mod post;
mod presence;
mod presence_task;
mod rooms;
mod sender;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use common::{Topic, chat::RoomId};
use fanout::Hub;
use parking_lot::Mutex;
use tokio::sync::Notify;

use rooms::{Rooms, is_kept};

pub(crate) use feature::FEATURE;

/// The rooms; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Chat(Arc<ChatInner>);

#[derive(Debug)]
struct ChatInner {
    hub: Hub,
    rooms: Mutex<Rooms>,
    /// Wakes the presence task when someone came, left or changed.
    changed: Notify,
    /// The topic of the list of rooms.
    list: Topic,
}

impl Chat {
    /// The rooms that the log knows, and the lobby.
    /// One address may make `per_address` rooms; 0 for no limit.
    fn new(hub: Hub, per_address: usize) -> Self {
        let rooms = Mutex::new(Rooms::restored(&hub, per_address));
        let list = "rooms".parse().expect("a topic");
        Self(Arc::new(ChatInner { hub, rooms, changed: Notify::new(), list }))
    }

    /// Returns true if the room exists.
    fn has(&self, room: &RoomId) -> bool {
        self.0.rooms.lock().has(room) || is_kept(&self.0.hub, &room.chat_topic())
    }
}
