//! Publishing: the broker gives an entry its place in the log, and tells it back.

use broker::{IdempotencyKey, NewEntry, PublishError, Published, TopicKind};
use bytes::Bytes;
use common::{Cursor, Seq, Topic};
use tokio::time::Instant;

use crate::hub::Hub;

/// The options of a publication.
#[derive(Debug, Clone, Default)]
pub struct PublishOptions {
    /// The key that makes sending it twice harmless: where the topic keeps an entry with this key, its place is the answer.
    pub key: Option<IdempotencyKey>,
    /// True if an entry with the same key may have another payload. Else that is [`PublishError::KeyReused`].
    pub any_payload: bool,
    /// The number that the topic's newest entry has to have, 0 for none; else the answer is [`PublishError::Conflict`].
    pub expected: Option<Seq>,
}

impl PublishOptions {
    /// Options with a key.
    #[must_use]
    pub fn keyed(key: IdempotencyKey) -> Self {
        Self { key: Some(key), ..Self::default() }
    }
}

impl Hub {
    /// Takes an entry into the log and wakes everyone who follows its topic. Where the topic is stored, it waits for
    /// the disk or the network: tasks use [`Hub::publish_async`].
    ///
    /// # Errors
    /// When no rule allows the topic, the payload is too long, the log is full of topics, the entry cannot be stored or
    /// the hub is closing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use common::{Epoch, Topic};
    /// use fanout::{Hub, Retention, Settings, SystemClock, TopicKind, TopicPolicy};
    ///
    /// let hub = Hub::new(Settings {
    ///     clock: Arc::new(SystemClock),
    ///     epoch: Epoch(1),
    ///     policies: vec![TopicPolicy {
    ///         pattern: "chat/*".parse()?,
    ///         kind: TopicKind::Log,
    ///         retention: Retention::entries(100),
    ///     }],
    ///     publication_bytes: 1 << 20,
    ///     topics_per_subscription: 0,
    ///     topics: 100,
    ///     bytes: 1 << 24,
    /// });
    /// let topic: Topic = "chat/lobby".parse()?;
    /// let cursor = hub.publish(&topic, "{}".into())?;
    /// assert_eq!(cursor.seq.0, 1);
    /// assert_eq!(cursor, hub.head());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn publish(&self, topic: &Topic, data: Bytes) -> Result<Cursor, PublishError> {
        self.publish_with(topic, data, PublishOptions::default()).map(|published| published.cursor)
    }

    /// [`Hub::publish`] with options.
    ///
    /// # Errors
    /// As for [`Hub::publish`], and as the options say.
    pub fn publish_with(
        &self,
        topic: &Topic,
        data: Bytes,
        options: PublishOptions,
    ) -> Result<Published, PublishError> {
        let new = self.new_entry(topic, data, options)?;
        self.0.broker.publish_blocking(&new)
    }

    /// [`Hub::publish`] for tasks, which wait without holding a thread.
    ///
    /// The entry is taken in even if this is dropped before it is ready.
    ///
    /// # Errors
    /// As for [`Hub::publish`].
    pub async fn publish_async(&self, topic: &Topic, data: Bytes) -> Result<Cursor, PublishError> {
        self.publish_with_async(topic, data, PublishOptions::default())
            .await
            .map(|published| published.cursor)
    }

    /// [`Hub::publish_with`] for tasks, as [`Hub::publish_async`] is.
    ///
    /// # Errors
    /// As for [`Hub::publish_with`].
    pub async fn publish_with_async(
        &self,
        topic: &Topic,
        data: Bytes,
        options: PublishOptions,
    ) -> Result<Published, PublishError> {
        let new = self.new_entry(topic, data, options)?;
        self.0.broker.publish(new).await
    }

    /// Checks what this process can say of a publication.
    fn new_entry(
        &self,
        topic: &Topic,
        data: Bytes,
        options: PublishOptions,
    ) -> Result<NewEntry, PublishError> {
        let limit = self.0.settings.publication_bytes;
        if data.len() > limit {
            return Err(PublishError::TooLong { size: data.len(), limit });
        }
        let kind = self.kind_of(topic)?;
        let PublishOptions { key, any_payload, expected } = options;
        Ok(NewEntry { key, same_payload: !any_payload, expected, ..NewEntry::new(topic.clone(), kind, data) })
    }

    /// The kind of a topic that the log has, or has room for.
    fn kind_of(&self, topic: &Topic) -> Result<TopicKind, PublishError> {
        if self.is_closed() {
            return Err(PublishError::Closed);
        }
        if let Some(known) = self.0.log.read().find(topic.as_str()) {
            return Ok(known.state.kind);
        }
        let policy = self.policy(topic).ok_or_else(|| PublishError::UnknownTopic(topic.clone()))?;
        let topics = self.0.settings.topics;
        if !self.0.log.write().has_room(policy, topics, Instant::now()) {
            return Err(PublishError::TooManyTopics(policy.1.retention.quota.most(topics)));
        }
        Ok(policy.1.kind)
    }
}
