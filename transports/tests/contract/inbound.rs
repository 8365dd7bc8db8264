//! A server's part of the way up, in small: a message is published as it is, once for each id.

use std::{collections::HashMap, sync::Arc};

use common::{
    Cursor, MessageId,
    api::ApiError,
    frame::ErrorCode,
    message::{ClientMessage, Receipt, Rejection},
};
use fanout::Hub;
use futures_util::future::BoxFuture;
use tokio::sync::Mutex;
use transports::inbound::{InboundHandler, MessageSource};

#[derive(Debug, Clone)]
pub struct Echo {
    hub: Hub,
    taken: Arc<Mutex<HashMap<MessageId, Cursor>>>,
}

impl Echo {
    pub fn new(hub: Hub) -> Self {
        Self { hub, taken: Arc::default() }
    }
}

impl InboundHandler for Echo {
    fn handle(
        &self,
        message: ClientMessage,
        _: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        let this = self.clone();
        Box::pin(async move {
            let ClientMessage { id, topic, data } = message;
            let mut taken = this.taken.lock().await;
            if let Some(&cursor) = taken.get(&id) {
                return Ok(Receipt { id, cursor });
            }
            match this.hub.publish(&topic, data.to_string().into()) {
                Ok(cursor) => {
                    taken.insert(id.clone(), cursor);
                    Ok(Receipt { id, cursor })
                }
                Err(error) => {
                    let error = ApiError::new(ErrorCode::UnknownTopic, error.to_string());
                    Err(Rejection { id, error, retry_ms: None })
                }
            }
        })
    }
}
