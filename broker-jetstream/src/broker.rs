//! The broker.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use broker::{
    Broker, BrokerError, BrokerHealth, Clock, Control, History, HistoryFilter, NewEntry, NodeId, Presence,
    PublishError, Published, Subscriber, TopicKind, TopicPolicy, policy_of,
};
use common::{Cursor, Epoch, Seq, Topic};
use futures_util::{FutureExt, future::BoxFuture};

use crate::{
    api::{self, ApiError},
    attach,
    connection::Connection,
    control::JetStreamControl,
    history, keeper, presence_link, publish, reader,
    settings::JetStreamSettings,
    shared::Shared,
    subjects::SubjectKind,
};

/// A log on NATS JetStream. All nodes with the same prefix share it.
#[derive(Debug)]
pub struct JetStreamBroker {
    shared: Arc<Shared>,
    control: JetStreamControl,
}

impl JetStreamBroker {
    /// Connects, and makes what is missing at NATS.
    ///
    /// # Errors
    /// [`BrokerError::Unavailable`] where it may work later: no server answers. [`BrokerError::Unusable`] where someone has to change
    /// something: the login, the server's version, a stream that is not ours.
    pub async fn connect(
        settings: JetStreamSettings,
        policies: impl Into<Arc<[TopicPolicy]>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, BrokerError> {
        let connection = Connection::open(&settings).await?;
        let nowhere = Cursor::new(Epoch(0), Seq::START);
        let shared = Arc::new(Shared::new(settings, policies.into(), clock, connection, nowhere));
        let (_, note) = attach::settle(&shared).await?;
        shared.told.send_modify(|told| told.cursor.epoch = Epoch(note.epoch));
        shared.latest_generation.store(note.latest_generation, Relaxed);
        tokio::spawn(keeper::send_latest(Arc::clone(&shared)));
        tokio::spawn(keeper::keep(Arc::clone(&shared)));
        tokio::spawn(keeper::retain(Arc::clone(&shared)));
        tokio::spawn(presence_link::keep(Arc::clone(&shared)));
        let control = JetStreamControl::new(
            shared.connection.clone(),
            &shared.settings.prefix,
            NodeId::new(&shared.node),
            Arc::clone(&shared.presence),
        );
        let (serving, until) = (control.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            tokio::select! {
                () = until.closing() => {}
                served = serving.serve() => {
                    if let Err(error) = served {
                        tracing::warn!(%error, "questions of other nodes are not heard");
                    }
                }
            }
        });
        Ok(Arc::new(Self { shared, control }))
    }

    fn check(&self, new: &NewEntry) -> Result<(), PublishError> {
        if self.shared.is_closed() {
            return Err(PublishError::Closed);
        }
        match policy_of(&self.shared.policies, &new.topic) {
            Some(_) => Ok(()),
            None => Err(PublishError::UnknownTopic(new.topic.clone())),
        }
    }

    fn put_latest(&self, new: &NewEntry) -> Result<Published, PublishError> {
        self.check(new)?;
        let limit = self.shared.connection.client.max_payload().saturating_sub(publish::HEADER_ROOM);
        if new.data.len() > limit {
            return Err(PublishError::TooLong { size: new.data.len(), limit });
        }
        self.shared.outbox.put(&new.topic, new.data.clone())?;
        Ok(Published { cursor: self.head(), duplicate: false })
    }
}

impl Broker for JetStreamBroker {
    fn head(&self) -> Cursor {
        self.shared.head()
    }

    fn numbers_latest_apart(&self) -> bool {
        true
    }

    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError> {
        self.shared.subscriber.set(Arc::clone(&subscriber)).map_err(|_| BrokerError::Subscribed)?;
        self.shared.runtime.spawn(reader::run(Arc::clone(&self.shared), subscriber));
        Ok(())
    }

    fn ready(&self) -> BoxFuture<'static, Result<(), BrokerError>> {
        let shared = Arc::clone(&self.shared);
        async move {
            let mut told = shared.told.subscribe();
            tokio::select! {
                _ = told.wait_for(|told| told.ready) => Ok(()),
                () = shared.closing() => Err(BrokerError::Unavailable("it is closed".to_owned())),
            }
        }
        .boxed()
    }

    fn publish(&self, new: NewEntry) -> BoxFuture<'static, Result<Published, PublishError>> {
        if new.kind == TopicKind::Latest {
            return std::future::ready(self.put_latest(&new)).boxed();
        }
        if let Err(error) = self.check(&new) {
            return std::future::ready(Err(error)).boxed();
        }
        let task = self.shared.runtime.spawn(publish::publish(Arc::clone(&self.shared), new));
        async move { task.await.unwrap_or(Err(PublishError::Closed)) }.boxed()
    }

    fn publish_blocking(&self, new: &NewEntry) -> Result<Published, PublishError> {
        if new.kind == TopicKind::Latest {
            return self.put_latest(new);
        }
        let (answer, answered) = tokio::sync::oneshot::channel();
        let published = self.publish(new.clone());
        self.shared.runtime.spawn(async move { answer.send(published.await) });
        answered.blocking_recv().unwrap_or(Err(PublishError::Closed))
    }

    fn history(
        &self,
        topic: &Topic,
        filter: HistoryFilter,
    ) -> BoxFuture<'static, Result<History, BrokerError>> {
        history::read(Arc::clone(&self.shared), topic.clone(), filter).boxed()
    }

    fn remove(&self, topic: &Topic) -> BoxFuture<'static, Result<u64, BrokerError>> {
        let (shared, topic) = (Arc::clone(&self.shared), topic.clone());
        async move { remove(&shared, &topic).await.map_err(BrokerError::from) }.boxed()
    }

    fn caught_up(&self, place: Cursor) -> BoxFuture<'static, bool> {
        let shared = Arc::clone(&self.shared);
        async move { crate::caught_up::wait(&shared, place).await }.boxed()
    }

    fn flush(&self) -> BoxFuture<'static, Result<(), PublishError>> {
        std::future::ready(Ok(())).boxed()
    }

    fn presence(&self) -> &dyn Presence {
        self.shared.presence.as_ref()
    }

    fn control(&self) -> &dyn Control {
        &self.control
    }

    fn health(&self) -> BrokerHealth {
        let trouble = self.shared.trouble.lock().clone();
        BrokerHealth {
            failure: self.shared.connection.failure().or(trouble),
            details: self.shared.details.lock().clone(),
        }
    }

    fn sweep(&self) {
        self.shared.sweep_now.notify_one();
    }

    fn close(&self) {
        self.shared.closed.send_replace(true);
        self.control.close();
    }
}

impl Drop for JetStreamBroker {
    fn drop(&mut self) {
        self.close();
    }
}

/// Removes a topic's entries. A note of it goes into the log first, so that every node learns of it at the same place; then they go.
async fn remove(shared: &Shared, topic: &Topic) -> Result<u64, ApiError> {
    let connection = &shared.connection;
    let origin = shared.new_origin();
    let headers = shared.stamp(topic, &origin).headers();
    let noted = shared.names.subject(SubjectKind::Removal, topic);
    let stream = &shared.names.log;
    let entries = shared.names.subject(SubjectKind::Entry, topic);
    let note = async || api::store(&connection.client, noted.clone(), headers.clone(), "".into()).await;
    let (stored, made_room) = match note().await {
        // A server without room for the note gets it from the entries.
        Err(error) if error.is_full() => {
            let through = shared.index.lock().newest(topic);
            let removed = api::purge(&connection.context, stream, Some(&entries), through.0 + 1).await?;
            (note().await?, removed)
        }
        stored => (stored?, 0),
    };
    let removed = made_room + api::purge(&connection.context, stream, Some(&entries), stored.seq).await?;
    // Earlier notes of the same topic say less than this one.
    api::purge(&connection.context, stream, Some(&noted), stored.seq).await?;
    Ok(removed)
}
