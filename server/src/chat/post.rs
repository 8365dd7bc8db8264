//! Messages: from their sender into the log, once. The id that the sender gave it is its idempotency key.

use common::{
    Cursor, MessageId, Topic,
    chat::{ChatMessage, ChatPost, RoomId},
    message::{ClientMessage, Receipt, Rejection},
};
use fanout::{PublishError, PublishOptions};
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
            // A task of its own: the message is taken in even if its sender goes away meanwhile.
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
        self.0.rooms.lock().enter(room, from)?;
        // A room may have been made for it.
        self.0.changed.notify_one();
        let ChatPost { name, text, client } = post;
        let message = ChatMessage {
            id: id.clone(),
            name: name.as_str().to_owned(),
            text: text.as_str().to_owned(),
            sender: client.as_ref().map(sender::of),
            at: hub.clock().unix_millis(),
        };
        let topic = room.chat_topic();
        // A message that is sent again has its id; the time at which it is taken, and the name of its sender, may differ.
        let key = message.id.as_str().parse().expect("each id of a message is a key");
        let options = PublishOptions { any_payload: true, ..PublishOptions::keyed(key) };
        let published = hub.publish_with_async(&topic, serde_json::to_vec(&message)?.into(), options).await?;
        // It may have been closed while nobody was in it and nothing was kept of it.
        self.0.rooms.lock().reopen(room);
        Ok(published.cursor)
    }
}
