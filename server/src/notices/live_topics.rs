//! The channel of open pages and programs: the topic of a notice's audience, on every transport.

use common::notice::{NoticeAudience, NoticeEvent, UnreadNotices};
use fanout::{Hub, PublishError, PublishOptions};
use futures_util::{FutureExt, future::BoxFuture};
use store::{Notice, UserId};

use super::channel::{DeliveryError, NotificationChannel};

/// The topics of notices.
#[derive(Debug, Clone)]
pub(super) struct LiveTopics(pub(super) Hub);

impl NotificationChannel for LiveTopics {
    fn name(&self) -> &'static str {
        "live topics"
    }

    fn deliver<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), DeliveryError>> {
        async move {
            let Notice { id, sent } = notice;
            let event = NoticeEvent::Notice {
                id: id.0,
                level: sent.level,
                title: sent.title.clone(),
                link: sent.link.clone(),
                at_ms: sent.created_ms,
            };
            // Numbers begin anew where a store is made anew or restored, and the log stays.
            let key = format!("notice-{id}-{}", sent.created_ms);
            let options = PublishOptions::keyed(key.parse().expect("words and digits are a key"));
            self.publish(sent.audience, &event, options).await
        }
        .boxed()
    }
}

impl LiveTopics {
    /// Tells all devices of a reader how many notices it has not read.
    pub(super) async fn tell_read(&self, user: UserId, unread: UnreadNotices) -> Result<(), DeliveryError> {
        let audience = NoticeAudience::User(user.0);
        self.publish(audience, &NoticeEvent::Read(unread), PublishOptions::default()).await
    }

    async fn publish(
        &self,
        audience: NoticeAudience,
        event: &NoticeEvent,
        options: PublishOptions,
    ) -> Result<(), DeliveryError> {
        let payload = serde_json::to_vec(event).map_err(|error| DeliveryError::Never(error.to_string()))?;
        match self.0.publish_with_async(&audience.topic(), payload.into(), options).await {
            Ok(_) => Ok(()),
            Err(
                error @ (PublishError::TooLong { .. }
                | PublishError::KeyReused
                | PublishError::UnknownTopic(_)),
            ) => Err(DeliveryError::Never(error.to_string())),
            Err(error) => Err(DeliveryError::TryAgain(error.to_string())),
        }
    }
}
