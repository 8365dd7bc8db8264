//! Announcements: people say where they are.

use common::{
    chat::{Announcement, RoomId},
    message::{ClientMessage, Receipt, Rejection},
};
use futures_util::future::{BoxFuture, ready};
use tokio::time::Instant;
use transports::inbound::{InboundHandler, MessageSource};

use super::{Chat, error::ChatError};

/// Takes what is sent to `presence/*`.
#[derive(Debug)]
pub(super) struct Announcements(pub(super) Chat);

impl InboundHandler for Announcements {
    /// The receipt's place is the log's at that moment: an announcement itself is in no log.
    fn handle(
        &self,
        message: ClientMessage,
        from: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        let ClientMessage { id, topic, data } = message;
        let heard = RoomId::of_presence(&topic).ok_or(ChatError::NoRoom(topic)).and_then(|room| {
            let said = serde_json::from_value(data)?;
            self.0.announce(&room, said, &from)
        });
        let cursor = self.0.0.hub.head();
        Box::pin(ready(match heard {
            Ok(()) => Ok(Receipt { id, cursor }),
            Err(refused) => Err(refused.of(id)),
        }))
    }
}

impl Chat {
    fn announce(&self, room: &RoomId, said: Announcement, from: &MessageSource) -> Result<(), ChatError> {
        let mut rooms = self.0.rooms.lock();
        if said.leaving && !rooms.has(room) {
            return Ok(());
        }
        rooms.announce(room, said, from, Instant::now(), self.0.hub.clock().unix_millis())?;
        drop(rooms);
        self.0.changed.notify_one();
        Ok(())
    }
}
