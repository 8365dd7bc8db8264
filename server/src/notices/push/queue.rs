//! The task that hands on the notices which wait for browsers.

use std::{collections::HashMap, time::Duration};

use common::notice::NoticeAudience;
use store::{PUSH_FAILURE_BYTES, PushDelivery, PushSettlement, StoreError};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use super::PushQueue;
use crate::web_push::{PUSH_DEADLINE, PushMessage, PushOutcome};

/// The store is asked this often for what other nodes have queued, and for what is due again.
const EVERY: Duration = Duration::from_secs(1);
/// So many messages are under way to one push service: one that is slow keeps others no turn.
const OF_SERVICE: usize = 8;
/// So many are under way in all.
const IN_ALL: usize = 64;
/// A claim holds for longer than a message can take.
const CLAIM_MS: u64 = 6 * PUSH_DEADLINE.as_millis() as u64;
/// A notice is told to browsers for so long, here and at the push service.
const LIFE_MS: u64 = 24 * 60 * 60 * 1_000;
/// Older ones are removed this often.
const PRUNE: Duration = Duration::from_secs(60);
/// The first wait after a failure, which doubles with each, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);

/// Hands on what waits, again and again.
pub(in crate::notices) async fn run(queue: PushQueue) {
    let mut due = interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sending = Sending { queue, under_way: JoinSet::new(), of_services: HashMap::new() };
    let (mut pruned, mut fails) = (None::<Instant>, false);
    loop {
        tokio::select! {
            _ = due.tick() => {}
            () = sending.queue.filled.notified() => {}
            Some(ended) = sending.under_way.join_next() => sending.end(ended.ok()),
        }
        let round = async {
            if pruned.is_none_or(|at| at.elapsed() >= PRUNE) {
                sending.drop_overdue().await?;
                pruned = Some(Instant::now());
            }
            sending.begin().await
        };
        let failed = round.await.err();
        let failed_before = std::mem::replace(&mut fails, failed.is_some());
        if let Some(error) = failed.filter(|_| !failed_before) {
            tracing::warn!(%error, "browsers are told of notices later");
        }
    }
}

/// The messages that are under way.
struct Sending {
    queue: PushQueue,
    /// Each answers with its push service.
    under_way: JoinSet<String>,
    of_services: HashMap<String, usize>,
}

impl Sending {
    /// Claims what is due, of each push service as many as it has room for, and sends it.
    async fn begin(&mut self) -> Result<(), StoreError> {
        if self.under_way.len() >= IN_ALL {
            return Ok(());
        }
        let accounts = self.queue.accounts.clone();
        let pushes = accounts.store().pushes();
        let mut services = pushes.due_services(accounts.now()).await?;
        // Those that are slow have the most under way: others come first.
        services.sort_by_key(|service| self.busy(service));
        for service in services {
            let left = IN_ALL.saturating_sub(self.under_way.len());
            let room = OF_SERVICE.saturating_sub(self.busy(&service)).min(left);
            if room == 0 {
                continue;
            }
            let now = accounts.now();
            for delivery in pushes.claim(&service, now, now + CLAIM_MS, room).await? {
                *self.of_services.entry(service.clone()).or_default() += 1;
                let (queue, service) = (self.queue.clone(), service.clone());
                self.under_way.spawn(async move {
                    hand_on(&queue, delivery).await;
                    service
                });
            }
        }
        Ok(())
    }

    /// Counts what is under way to a push service.
    fn busy(&self, service: &str) -> usize {
        self.of_services.get(service).copied().unwrap_or(0)
    }

    /// Notes that a message is no longer under way.
    fn end(&mut self, service: Option<String>) {
        match service {
            Some(service) => {
                if let Some(busy) = self.of_services.get_mut(&service) {
                    *busy = busy.saturating_sub(1);
                }
                self.of_services.retain(|_, busy| *busy > 0);
            }
            // One has panicked, of whichever service it was: once none is under way, the count begins anew.
            None if self.under_way.is_empty() => self.of_services.clear(),
            None => {}
        }
    }

    async fn drop_overdue(&self) -> Result<(), StoreError> {
        let accounts = &self.queue.accounts;
        let now = accounts.now();
        let dropped = accounts.store().pushes().drop_overdue(now, now.saturating_sub(LIFE_MS)).await?;
        if dropped > 0 {
            tracing::info!(dropped, "notices that could not be told to browsers in time are given up");
        }
        Ok(())
    }
}

/// Sends one message and settles its claim. Where the store does not answer, the claim ends by itself.
async fn hand_on(queue: &PushQueue, delivery: PushDelivery) {
    let (accounts, claim) = (&queue.accounts, delivery.claim);
    let settled = async {
        let settlement = match ttl(&delivery, accounts.now()) {
            Some(ttl) => send(queue, &delivery, ttl).await?,
            None => PushSettlement::NotNeeded,
        };
        accounts.store().pushes().settle(claim, settlement, accounts.now()).await
    };
    if let Err(error) = settled.await {
        let (notice, subscription) = (claim.notice.0, claim.subscription.0);
        tracing::warn!(%error, notice, subscription, "a notice is told to a browser later");
    }
}

/// Returns the time for which the reader is to be told; none where there is nothing to tell any more: the reader has read it, is disabled or
/// has lost its role since, or the notice has expired.
fn ttl(delivery: &PushDelivery, now_ms: u64) -> Option<Duration> {
    let (user, sent) = (&delivery.user, &delivery.notice.sent);
    let is_for = match sent.audience {
        NoticeAudience::All => true,
        NoticeAudience::Role(least) => user.role >= least,
        NoticeAudience::User(one) => user.id.0 == one,
    };
    let ends_ms = (sent.created_ms + LIFE_MS).min(sent.expires_ms.unwrap_or(u64::MAX));
    let is_due = is_for && user.disabled_ms.is_none() && !delivery.is_read && now_ms < ends_ms;
    is_due.then(|| Duration::from_millis(ends_ms - now_ms))
}

async fn send(
    queue: &PushQueue,
    delivery: &PushDelivery,
    ttl: Duration,
) -> Result<PushSettlement, StoreError> {
    let accounts = &queue.accounts;
    let (message, to) = (PushMessage::of(&delivery.notice, ttl), &delivery.subscription.given);
    let outcome = accounts.web_push().send(accounts.store(), to, &message, accounts.now()).await?;
    let (notice, subscription) = (delivery.notice.id.0, delivery.subscription.id.0);
    let service = &to.service;
    Ok(match outcome {
        PushOutcome::Delivered => PushSettlement::Delivered,
        PushOutcome::Gone => {
            tracing::info!(subscription, service, "a browser is no longer subscribed, and is removed");
            PushSettlement::Gone
        }
        PushOutcome::Again { after, why } => {
            tracing::debug!(notice, subscription, service, why, "a notice is told to a browser later");
            let wait = after.unwrap_or_else(|| wait(delivery.claim.attempts)).max(Duration::from_secs(1));
            let next_ms = accounts.now() + u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            PushSettlement::Again { next_ms, failure: short(&why) }
        }
        PushOutcome::Rejected(why) => {
            tracing::warn!(notice, subscription, service, why, "a notice is not told to a browser");
            PushSettlement::GivenUp { failure: short(&why) }
        }
    })
}

/// The wait after so many tries.
fn wait(attempts: u64) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

/// Cuts a reason to what the store keeps; errors of others may have any characters.
fn short(why: &str) -> String {
    let mut text: String = why.chars().filter(|c| !c.is_control()).collect();
    text.truncate(text.floor_char_boundary(PUSH_FAILURE_BYTES));
    if text.is_empty() { "unknown".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use common::{notice::NoticeLevel, role::Role};
    use store::{
        NewNotice, NewPushSubscription, Notice, NoticeId, PushClaim, PushSubscription, PushSubscriptionId,
        User, UserId,
    };

    use super::*;

    fn delivery() -> PushDelivery {
        let sent = NewNotice {
            audience: NoticeAudience::Role(Role::Operator),
            level: NoticeLevel::Info,
            title: "a".into(),
            text: String::new(),
            link: None,
            sender: UserId(1),
            sender_name: "kim".into(),
            created_ms: 1_000,
            expires_ms: None,
            key: None,
        };
        let given = NewPushSubscription {
            user: UserId(2),
            endpoint: "https://push.example/a".into(),
            service: "https://push.example".into(),
            p256dh: Vec::new(),
            auth: Vec::new(),
            agent: String::new(),
            created_ms: 0,
        };
        let (notice, id) = (NoticeId(1), PushSubscriptionId(1));
        let (delivered_ms, failed_ms, failure) = (None, None, String::new());
        PushDelivery {
            claim: PushClaim { notice, subscription: id, attempts: 1 },
            notice: Notice { id: notice, sent },
            subscription: PushSubscription { id, given, delivered_ms, failed_ms, failure },
            user: User {
                id: UserId(2),
                name: "lee".into(),
                role: Role::Operator,
                created_ms: 0,
                disabled_ms: None,
                password: None,
                totp: None,
                totp_step: None,
            },
            is_read: false,
        }
    }

    #[test]
    fn only_who_is_still_to_be_told_is_told() {
        let due = |change: &dyn Fn(&mut PushDelivery), now_ms| {
            let mut delivery = delivery();
            change(&mut delivery);
            ttl(&delivery, now_ms).map(|ttl| ttl.as_millis())
        };
        assert_eq!(due(&|_| {}, 1_000), Some(LIFE_MS.into()));
        assert_eq!(due(&|_| {}, 999 + LIFE_MS), Some(1));
        assert_eq!(due(&|_| {}, 1_000 + LIFE_MS), None, "it is too old");
        assert_eq!(due(&|one| one.notice.sent.expires_ms = Some(3_000), 2_000), Some(1_000));
        assert_eq!(due(&|one| one.notice.sent.expires_ms = Some(3_000), 3_000), None, "it has expired");
        assert_eq!(due(&|one| one.is_read = true, 1_000), None, "it was read on a page");
        assert_eq!(due(&|one| one.user.disabled_ms = Some(1), 1_000), None);
        assert_eq!(due(&|one| one.user.role = Role::Viewer, 1_000), None, "the role was lost");
        let of = |user| move |one: &mut PushDelivery| one.notice.sent.audience = NoticeAudience::User(user);
        assert_eq!((due(&of(2), 1_000).is_some(), due(&of(3), 1_000)), (true, None));
    }

    #[test]
    fn waits_double_and_stay_within_half_an_hour() {
        let seconds: Vec<_> = (0..5).map(|attempts| wait(attempts).as_secs()).collect();
        assert_eq!(seconds, [5, 5, 10, 20, 40]);
        assert_eq!((wait(10), wait(u64::MAX)), (LONGEST_WAIT, LONGEST_WAIT));
    }

    #[test]
    fn a_reason_is_one_that_the_store_keeps() {
        assert_eq!(short("a\0b\nc"), "abc");
        assert_eq!(short("\0"), "unknown");
        let long = short(&"가".repeat(1_000));
        assert!(store::checked_push_failure(&long).is_ok() && long.len() > PUSH_FAILURE_BYTES - 3);
    }
}
