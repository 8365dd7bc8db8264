//! Push subscriptions: browsers that are told of notices while no page is open (RFC 8030), and the notices that wait to be told.

use std::fmt;

use crate::{
    bounds::{
        AGENT_BYTES, PUSH_AUTH_BYTES, PUSH_ENDPOINT_BYTES, PUSH_FAILURE_BYTES, PUSH_KEY_BYTES,
        PUSH_SERVICE_BYTES, check_length, check_text, check_word, checked_ms,
    },
    error::StoreError,
    future::StoreFuture,
    id::{NoticeId, PushSubscriptionId, UserId},
    notice::Notice,
    user::User,
};

/// A browser that is told of notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSubscription {
    /// Its number.
    pub id: PushSubscriptionId,
    /// Its fields as they were given.
    pub given: NewPushSubscription,
    /// The time at which its push service last took a message.
    pub delivered_ms: Option<u64>,
    /// The time since which every message has failed; none where the last one was taken.
    pub failed_ms: Option<u64>,
    /// The reason of the last failure; empty where the last message was taken.
    pub failure: String,
}

/// A browser that is to be told of notices.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPushSubscription {
    /// The user who is told.
    pub user: UserId,
    /// The address at the push service, which is one browser's. Whoever has it can send there, so it is not printed.
    pub endpoint: String,
    /// The origin of that address, by which messages wait: a service that is slow holds up its own alone.
    pub service: String,
    /// The browser's public key.
    pub p256dh: Vec<u8>,
    /// The secret by which the browser knows its sender.
    pub auth: Vec<u8>,
    /// The name of the browser, in its own words; may be empty.
    pub agent: String,
    /// The time now.
    pub created_ms: u64,
}

impl fmt::Debug for NewPushSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, service, agent, created_ms, .. } = self;
        f.debug_struct("NewPushSubscription")
            .field("user", user)
            .field("service", service)
            .field("agent", agent)
            .field("created_ms", created_ms)
            .finish_non_exhaustive()
    }
}

impl NewPushSubscription {
    /// Checks the bounds. Engines call it.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), StoreError> {
        check_word("endpoint", &self.endpoint, PUSH_ENDPOINT_BYTES)?;
        check_word("push service", &self.service, PUSH_SERVICE_BYTES)?;
        check_length("public key", &self.p256dh, PUSH_KEY_BYTES)?;
        check_length("authentication secret", &self.auth, PUSH_AUTH_BYTES)?;
        check_text("name of the browser", &self.agent, AGENT_BYTES)?;
        checked_ms(self.created_ms).map(|_| ())
    }
}

/// A notice that waits for one subscription, claimed by one node for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushClaim {
    /// The notice.
    pub notice: NoticeId,
    /// The subscription.
    pub subscription: PushSubscriptionId,
    /// The number of times that it was claimed, this one among them. A later claim ends this one.
    pub attempts: u64,
}

/// A notice, as it is to be sent to one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushDelivery {
    /// The claim, by which it is settled.
    pub claim: PushClaim,
    /// The notice.
    pub notice: Notice,
    /// The subscription.
    pub subscription: PushSubscription,
    /// The user who is told, as it is now: it may be disabled, or have lost its role, since the notice was sent.
    pub user: User,
    /// True where that user has read the notice meanwhile.
    pub is_read: bool,
}

/// The end of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushSettlement {
    /// The push service has taken the message.
    Delivered,
    /// The message is to be sent again from this time on, Unix milliseconds.
    Again {
        /// The time.
        next_ms: u64,
        /// The reason, in words.
        failure: String,
    },
    /// The message is given up.
    GivenUp {
        /// The reason, in words.
        failure: String,
    },
    /// There is nothing to be told any more, and nothing has failed.
    NotNeeded,
    /// The push service does not know the subscription any more: it is removed, with all that waits for it.
    Gone,
}

/// Checks the bounds of a reason. Engines call it.
///
/// # Errors
/// [`StoreError::Invalid`].
pub fn checked_push_failure(failure: &str) -> Result<(), StoreError> {
    check_word("failure", failure, PUSH_FAILURE_BYTES)
}

/// The push subscriptions of a store, and the notices that wait for them.
///
/// A notice waits for each subscription of its audience in a row of its own, once. A node claims rows for a while and settles each; where
/// it ends in between, the claim ends by itself and another node goes on. So each is sent at least once, and a second time only
/// where a node ended between the push service's answer and [`PushStore::settle`].
pub trait PushStore: fmt::Debug + Send + Sync {
    /// Keeps a subscription. It takes the place of one with the same endpoint, whoever's it was, since a browser has one for a site; what
    /// waits for that one goes on waiting if it was this user's. Of more than [`PUSH_SUBSCRIPTIONS`](crate::PUSH_SUBSCRIPTIONS) of a user
    /// the oldest go. [`StoreError::NotFound`] where there is no such user.
    fn subscribe(&self, new: NewPushSubscription) -> StoreFuture<PushSubscription>;

    /// Lists the subscriptions of a user, the newest first, at most [`PAGE`](crate::PAGE).
    fn of_user(&self, user: UserId) -> StoreFuture<Vec<PushSubscription>>;

    /// Removes a subscription of a user, with all that waits for it. False where the user has no such subscription.
    fn remove(&self, user: UserId, id: PushSubscriptionId) -> StoreFuture<bool>;

    /// Has a notice wait for every subscription of its audience, from now on; users who are disabled are no audience. Returns for how many it
    /// waits; none where it was queued before, or there is no such notice. A subscription for which
    /// [`PUSH_WAITING`](crate::PUSH_WAITING) wait is passed over.
    fn enqueue(&self, notice: NoticeId, now_ms: u64) -> StoreFuture<Option<u64>>;

    /// Lists the push services for which something is due, at most [`PAGE`](crate::PAGE).
    fn due_services(&self, now_ms: u64) -> StoreFuture<Vec<String>>;

    /// Claims what is due for a push service until a time, the longest due first, at most `limit`. No two nodes claim the same.
    fn claim(
        &self,
        service: &str,
        now_ms: u64,
        until_ms: u64,
        limit: usize,
    ) -> StoreFuture<Vec<PushDelivery>>;

    /// Ends a claim. False where it has ended before: by its time and another node's claim, or with its subscription or notice. Then
    /// nothing is changed.
    fn settle(&self, claim: PushClaim, settlement: PushSettlement, now_ms: u64) -> StoreFuture<bool>;

    /// Removes what waits of notices that have expired, and of those sent before `created_before_ms`. Returns how many.
    fn drop_overdue(&self, now_ms: u64, created_before_ms: u64) -> StoreFuture<u64>;
}
