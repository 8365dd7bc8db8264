//! Where messages from clients go, by topic.

use std::net::IpAddr;

use common::{
    api::ApiError,
    frame::ErrorCode,
    message::{Message, Receipt, Rejection},
};
use futures_util::future::BoxFuture;
use transports::upstream::Upstream;

/// Gives each message to whoever its topic belongs to.
#[derive(Debug)]
pub(crate) struct Inbox;

impl Upstream for Inbox {
    fn take(&self, message: Message, _: IpAddr) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        Box::pin(async move {
            let Message { id, topic, .. } = message;
            let message = format!("no messages can be sent to {topic}");
            let error = ApiError { code: ErrorCode::UnknownTopic, message };
            Err(Rejection { id, error, retry_ms: None })
        })
    }
}
