//! Messages: from their sender into the log, once. They are idempotent, and deduplicated by the sender's message id.

use common::{
    Cursor, MessageId, Topic,
    chat::{ChatMessage, ChatPost, RoomId},
    message::{ClientMessage, Receipt, Rejection},
};
use fanout::PublishError;
use futures_util::future::BoxFuture;
use serde_json::Value;
use transports::{
    gate::ClientKey,
    inbound::{InboundHandler, MessageSource},
};

use super::{Chat, error::ChatError, sender};

/// Takes what is sent to `chat/*`.
#[derive(Debug)]
pub(super) struct Posts(pub(super) Chat);

impl InboundHandler for Posts {
    fn handle(
        &self,
        message: ClientMessage,
        from: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        let chat = self.0.clone();
        Box::pin(async move {
            let ClientMessage { id, topic, data } = message;
            // A task of its own: if its sender goes away meanwhile, the dedup still has to learn where the message is.
            let posted = tokio::spawn({
                let id = id.clone();
                async move { chat.take(&id, topic, data, from.address.into()).await }
            });
            match posted.await.unwrap_or(Err(ChatError::Log(PublishError::Closed))) {
                Ok(cursor) => Ok(Receipt { id, cursor }),
                Err(refused) => Err(refused.of(id)),
            }
        })
    }
}

impl Chat {
    async fn take(
        &self,
        id: &MessageId,
        topic: Topic,
        data: Value,
        from: ClientKey,
    ) -> Result<Cursor, ChatError> {
        let room = RoomId::of_chat(&topic).ok_or(ChatError::NoRoom(topic))?;
        let cursor = self.post(id, &room, serde_json::from_value(data)?, from).await?;
        // An earlier message may still be on its way to the disk, too.
        self.0.hub.flush().await?;
        Ok(cursor)
    }

    async fn post(
        &self,
        id: &MessageId,
        room: &RoomId,
        post: ChatPost,
        from: ClientKey,
    ) -> Result<Cursor, ChatError> {
        let hub = &self.0.hub;
        let _one_at_a_time = self.0.posting.lock().await;
        let known = self.0.rooms.lock().enter(room, from)?.dedup.place(id);
        // A room may have been made for it.
        self.0.changed.notify_one();
        if let Some(seq) = known {
            return Ok(Cursor::new(hub.settings().epoch, seq));
        }
        let ChatPost { name, text, client } = post;
        let message = ChatMessage {
            id: id.clone(),
            name: name.as_str().to_owned(),
            text: text.as_str().to_owned(),
            sender: client.as_ref().map(sender::of),
            at: hub.clock().unix_millis(),
        };
        let topic = room.chat_topic();
        let cursor = hub.publish_async(&topic, serde_json::to_vec(&message)?.into()).await?;
        let mut rooms = self.0.rooms.lock();
        let dedup = &mut rooms.reopen(room).dedup;
        dedup.record(message.id, cursor.seq);
        dedup.forget_through(hub.history(&topic, None, 0).trimmed_to);
        Ok(cursor)
    }
}
