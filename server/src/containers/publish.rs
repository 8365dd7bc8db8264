//! Publishes news of containers, each once.

use common::Topic;
use common::container::{ContainerEvent, ContainerNews};
use fanout::{Hub, IdempotencyKey, PublishError, PublishOptions};

/// Publishes news. An event that is told again, or news of the same key, are one entry of the log.
///
/// # Errors
/// When the log does not take it now; it may be given again.
pub(super) async fn publish(
    hub: &Hub,
    topic: &Topic,
    news: &ContainerNews,
    key: Option<IdempotencyKey>,
) -> Result<(), PublishError> {
    let payload = match serde_json::to_vec(news) {
        Ok(payload) => payload,
        Err(error) => {
            tracing::error!(%error, "news of containers cannot be told");
            return Ok(());
        }
    };
    let key = match news {
        ContainerNews::Event(event) => event_key(event).or(key),
        _ => key,
    };
    let options = PublishOptions { key, ..PublishOptions::default() };
    match hub.publish_with_async(topic, payload.into(), options).await {
        // An event that the engine has told before has the same key.
        Ok(_) | Err(PublishError::KeyReused) => Ok(()),
        Err(
            error @ (PublishError::TooLong { .. }
            | PublishError::UnknownTopic(_)
            | PublishError::TooManyTopics(_)
            | PublishError::Conflict { .. }),
        ) => {
            tracing::error!(%error, "news of containers were not published");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn event_key(event: &ContainerEvent) -> Option<IdempotencyKey> {
    let what = serde_json::to_string(&event.what).ok()?;
    let of = if event.id.is_empty() { "image" } else { event.id.get(..12)? };
    format!("docker-{}-{of}-{}", event.time, what.trim_matches('"')).parse().ok()
}
