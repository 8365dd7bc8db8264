//! Routes messages from clients to features, by topic.

use std::sync::Arc;

use access::{Action, Authorizer};
use common::{
    TopicPattern,
    api::ApiError,
    frame::ErrorCode,
    message::{ClientMessage, Receipt, Rejection},
};
use futures_util::future::BoxFuture;
use transports::{
    gate::ApiRejection,
    inbound::{InboundHandler, MessageSource},
};

/// Gives each message to whoever its topic belongs to. A feature that takes messages names their topics.
#[derive(Debug)]
pub(crate) struct MessageRouter {
    features: Vec<(TopicPattern, Arc<dyn InboundHandler>)>,
    authorizer: Arc<dyn Authorizer>,
}

impl MessageRouter {
    /// Makes one without topics.
    pub(crate) fn new(authorizer: Arc<dyn Authorizer>) -> Self {
        Self { features: Vec::new(), authorizer }
    }

    /// Routes the messages of these topics to a feature. The first pattern that matches holds.
    pub(crate) fn add(&mut self, topics: &str, handler: Arc<dyn InboundHandler>) {
        self.features.push((topics.parse().expect("a pattern written here is one"), handler));
    }
}

impl InboundHandler for MessageRouter {
    fn handle(
        &self,
        message: ClientMessage,
        from: MessageSource,
    ) -> BoxFuture<'static, Result<Receipt, Rejection>> {
        if let Err(denied) = self.authorizer.may(&from.principal, Action::SendMessage, Some(&message.topic)) {
            let error = ApiRejection::from(denied).into_error();
            return Box::pin(async move { Err(Rejection { id: message.id, error, retry_ms: None }) });
        }
        if let Some((_, feature)) = self.features.iter().find(|(topics, _)| topics.matches(&message.topic)) {
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
