//! The service of notices, for whoever asks: a page, a program or another feature.

use std::sync::Arc;

use common::notice::UnreadNotices;
use fanout::Clock;
use store::{CreatedNotice, NewNotice, Notice, NoticeId, NoticeReader, Store, StoreError};

use super::{
    channel::{DeliveryError, NotificationChannel},
    live_topics::LiveTopics,
    metrics::NoticeCounters,
};
use crate::accounts::AccountDirectory;

/// After reading, devices are told again while the number changes, so often at most.
const RECOUNTS: usize = 5;

/// The notices; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Notices(Arc<NoticesInner>);

#[derive(Debug)]
struct NoticesInner {
    accounts: AccountDirectory,
    clock: Arc<dyn Clock>,
    channels: Vec<Arc<dyn NotificationChannel>>,
    live: LiveTopics,
    counters: Arc<NoticeCounters>,
}

impl Notices {
    pub(super) fn new(
        accounts: AccountDirectory,
        live: LiveTopics,
        channels: Vec<Arc<dyn NotificationChannel>>,
        counters: Arc<NoticeCounters>,
    ) -> Self {
        let clock = Arc::clone(live.0.clock());
        Self(Arc::new(NoticesInner { accounts, clock, channels, live, counters }))
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.0.accounts.store()
    }

    pub(super) fn now(&self) -> u64 {
        self.0.clock.unix_millis()
    }

    /// Stores a notice and tells its readers. Where they cannot be told now, they are as soon as they can.
    pub(super) async fn send(&self, new: NewNotice) -> Result<CreatedNotice, StoreError> {
        let created = self.store().notices().create(new).await?;
        if created.is_new
            && let Err(error) = self.announce(&created.notice).await
        {
            // It is stored: whoever sent it again would send another.
            tracing::warn!(%error, id = created.notice.id.0, "a notice is told to its readers later");
        }
        Ok(created)
    }

    /// Tells the readers of notices of which nobody was told: those of the command line, of a node that ended in between, and of a time
    /// without a log. Returns true if none waits any more.
    pub(super) async fn announce_waiting(&self, limit: usize) -> Result<bool, StoreError> {
        for notice in self.store().notices().unannounced(limit).await? {
            if !self.announce(&notice).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells the readers of a notice. Returns true if it need not be told again.
    async fn announce(&self, notice: &Notice) -> Result<bool, StoreError> {
        let (id, is_shown) = (notice.id.0, notice.sent.expires_ms.is_none_or(|ends| self.now() < ends));
        for channel in self.0.channels.iter().filter(|_| is_shown) {
            let name = channel.name();
            match channel.deliver(notice).await {
                Ok(()) => {}
                Err(DeliveryError::Never(error)) => {
                    tracing::error!(id, channel = name, error, "nobody is told of a notice");
                }
                Err(DeliveryError::TryAgain(error)) => {
                    tracing::debug!(id, channel = name, error, "a notice waits to be told");
                    return Ok(false);
                }
            }
        }
        if self.store().notices().set_announced(notice.id).await? {
            self.0.counters.sent(notice.sent.level);
        }
        Ok(true)
    }

    /// Notes that a reader has read the notices from `first` to `last`, and tells all of its devices. Returns those that are left. It is done
    /// whole, also where whoever asks for it goes away meanwhile.
    pub(super) async fn mark_read(
        &self,
        reader: NoticeReader,
        first: NoticeId,
        last: NoticeId,
    ) -> Result<UnreadNotices, StoreError> {
        let notices = self.clone();
        let marking = tokio::spawn(async move { notices.mark(reader, first, last).await });
        marking.await.map_err(|error| StoreError::Failed(error.to_string()))?
    }

    async fn mark(
        &self,
        reader: NoticeReader,
        first: NoticeId,
        last: NoticeId,
    ) -> Result<UnreadNotices, StoreError> {
        let (store, now) = (self.store().notices(), self.now());
        let marked = store.mark_read(reader.clone(), first, last, now).await?;
        let mut left = store.unread(reader.clone(), now).await?;
        if marked == 0 {
            return Ok(left);
        }
        self.0.counters.read(marked);
        // Two devices, or a new notice, may have counted in between: whoever tells last tells what is true.
        for _ in 0..RECOUNTS {
            if let Err(error) = self.0.live.tell_read(reader.user, left).await {
                tracing::warn!(%error, user = reader.user.0, "other devices learn later that a notice was read");
            }
            let told = std::mem::replace(&mut left, store.unread(reader.clone(), self.now()).await?);
            if told == left {
                break;
            }
        }
        Ok(left)
    }

    /// Removes what nobody will look at again.
    pub(super) async fn prune(&self, expired_ms: u64, age_ms: u64) -> Result<u64, StoreError> {
        let now = self.now();
        self.store().notices().prune(now.saturating_sub(expired_ms), now.saturating_sub(age_ms)).await
    }
}
