//! Routes messages from clients to features, by topic.

use std::sync::Arc;

use common::{
    TopicPattern,
    api::ApiError,
    frame::ErrorCode,
    message::{ClientMessage, Receipt, Rejection},
};
use futures_util::future::BoxFuture;
use transports::inbound::{InboundHandler, MessageSource};

/// Gives each message to whoever its topic belongs to. A feature that takes messages names their topics.
#[derive(Debug, Default)]
pub(crate) struct MessageRouter(Vec<(TopicPattern, Arc<dyn InboundHandler>)>);

impl MessageRouter {
    /// Routes the messages of these topics to a feature. The first pattern that matches holds.
    pub(crate) fn add(&mut self, topics: &str, handler: Arc<dyn InboundHandler>) {
        self.0.push((topics.parse().expect("a pattern written here is one"), handler));
    }
}

impl InboundHandler for MessageRouter {
    fn handle(
        &self,
        message: ClientMessage,
        from: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        if let Some((_, feature)) = self.0.iter().find(|(topics, _)| topics.matches(&message.topic)) {
            return feature.handle(message, from);
        }
        Box::pin(async move {
            let ClientMessage { id, topic, .. } = message;
            let message = format!("no messages can be sent to {topic}");
            let error = ApiError::new(ErrorCode::UnknownTopic, message);
            Err(Rejection { id, error, retry_ms: None })
        })
    }
}
