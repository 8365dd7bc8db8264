//! Push subscriptions, and the notices that wait for them. Rows are locked in one order, the notice before the subscription and that before
//! what waits for it, so that two nodes never wait for each other.

use common::{notice::NoticeAudience, role::Role};
use deadpool_postgres::Transaction;
use futures_util::FutureExt;
use store::{
    NewPushSubscription, NoticeId, PAGE, PUSH_SUBSCRIPTIONS, PUSH_WAITING, PushClaim, PushDelivery,
    PushSettlement, PushStore, PushSubscription, PushSubscriptionId, StoreFuture, UserId, checked_ms,
    checked_push_failure, page,
};
use tokio_postgres::Row;

use crate::{
    fault::{Worked, damaged},
    postgres_store::PostgresStore,
    rows::{self, NOTICE, USER, number, optional, sql_id, value},
};

/// The columns of [`subscription`].
const SUBSCRIPTION: &str = "push_subscriptions.id, push_subscriptions.user_id, push_subscriptions.endpoint,
    push_subscriptions.service, push_subscriptions.p256dh, push_subscriptions.auth, push_subscriptions.agent,
    push_subscriptions.created_ms, push_subscriptions.delivered_ms, push_subscriptions.failed_ms,
    push_subscriptions.failure";
/// The number of columns of a notice, behind which the subscription's begin.
const NOTICE_COLUMNS: usize = 11;
/// The number of columns of a notice and a subscription, behind which the user's begin.
const USER_AT: usize = NOTICE_COLUMNS + 11;

/// Reads a subscription from the columns that begin at `at`.
fn subscription(row: &Row, at: usize) -> Worked<PushSubscription> {
    let given = NewPushSubscription {
        user: UserId(number(row, at + 1)?),
        endpoint: value(row, at + 2)?,
        service: value(row, at + 3)?,
        p256dh: value(row, at + 4)?,
        auth: value(row, at + 5)?,
        agent: value(row, at + 6)?,
        created_ms: number(row, at + 7)?,
    };
    Ok(PushSubscription {
        id: PushSubscriptionId(number(row, at)?),
        given,
        delivered_ms: optional(row, at + 8)?,
        failed_ms: optional(row, at + 9)?,
        failure: value(row, at + 10)?,
    })
}

fn delivery(row: &Row) -> Worked<PushDelivery> {
    let (notice, subscription) = (rows::notice(row)?, subscription(row, NOTICE_COLUMNS)?);
    let claim =
        PushClaim { notice: notice.id, subscription: subscription.id, attempts: number(row, USER_AT + 8)? };
    let (user, is_read) = (rows::user(row, USER_AT)?, value(row, USER_AT + 9)?);
    Ok(PushDelivery { claim, notice, subscription, user, is_read })
}

/// The roles of an audience, and the user where it is one.
fn readers(audience: NoticeAudience) -> (Vec<&'static str>, Option<i64>) {
    let (least, user) = match audience {
        NoticeAudience::All => (Role::Viewer, None),
        NoticeAudience::Role(least) => (least, None),
        NoticeAudience::User(user) => (Role::Viewer, Some(sql_id(user))),
    };
    (Role::ALL.iter().filter(|role| **role >= least).map(|role| role.as_str()).collect(), user)
}

/// Settles a claim whose subscription is locked.
async fn settle(
    transaction: &Transaction<'_>,
    claim: PushClaim,
    settlement: PushSettlement,
    now: i64,
) -> Worked<bool> {
    let (notice, id, attempts) =
        (sql_id(claim.notice.0), sql_id(claim.subscription.0), sql_id(claim.attempts));
    let condition = "WHERE notice_id = $1 AND subscription_id = $2 AND attempts = $3";
    let settled = match &settlement {
        PushSettlement::Again { next_ms, .. } => {
            let sql = format!("UPDATE push_deliveries SET next_ms = $4 {condition}");
            transaction.execute(&sql, &[&notice, &id, &attempts, &checked_ms(*next_ms)?]).await?
        }
        _ => {
            let sql = format!("DELETE FROM push_deliveries {condition}");
            transaction.execute(&sql, &[&notice, &id, &attempts]).await?
        }
    };
    if settled == 0 {
        return Ok(false);
    }
    match settlement {
        PushSettlement::Delivered => {
            let sql =
                "UPDATE push_subscriptions SET delivered_ms = greatest(delivered_ms, $2), failed_ms = NULL,
                failure = '' WHERE id = $1";
            transaction.execute(sql, &[&id, &now]).await?;
        }
        PushSettlement::Again { failure, .. } | PushSettlement::GivenUp { failure } => {
            let sql = "UPDATE push_subscriptions SET failed_ms = coalesce(failed_ms, $2), failure = $3 WHERE id = $1";
            transaction.execute(sql, &[&id, &now, &failure]).await?;
        }
        PushSettlement::Gone => {
            transaction.execute("DELETE FROM push_subscriptions WHERE id = $1", &[&id]).await?;
        }
        PushSettlement::NotNeeded => {}
    }
    Ok(true)
}

impl PushStore for PostgresStore {
    fn subscribe(&self, new: NewPushSubscription) -> StoreFuture<PushSubscription> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (user, created) = (sql_id(new.user.0), checked_ms(new.created_ms)?);
                let NewPushSubscription { endpoint, service, p256dh, auth, agent, .. } = &new;
                let transaction = client.transaction().await?;
                // Browsers of one user that come at once are counted one after the other.
                transaction.query_opt("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", &[&user]).await?;
                let sql = "DELETE FROM push_subscriptions WHERE endpoint = $1 AND user_id <> $2";
                transaction.execute(sql, &[endpoint, &user]).await?;
                let sql = format!(
                    "INSERT INTO push_subscriptions (user_id, endpoint, service, p256dh, auth, agent, created_ms)
                        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (endpoint) DO UPDATE SET
                            user_id = excluded.user_id, service = excluded.service, p256dh = excluded.p256dh,
                            auth = excluded.auth, agent = excluded.agent, created_ms = excluded.created_ms,
                            failed_ms = NULL, failure = ''
                        RETURNING {SUBSCRIPTION}"
                );
                let row = transaction
                    .query_one(&sql, &[&user, endpoint, service, p256dh, auth, agent, &created])
                    .await?;
                let kept = subscription(&row, 0)?;
                let sql = "DELETE FROM push_subscriptions WHERE user_id = $1 AND id <> $3 AND id <=
                    (SELECT id FROM push_subscriptions WHERE user_id = $1 AND id <> $3
                        ORDER BY id DESC LIMIT 1 OFFSET $2)";
                let others = page(PUSH_SUBSCRIPTIONS - 1);
                transaction.execute(sql, &[&user, &others, &sql_id(kept.id.0)]).await?;
                transaction.commit().await?;
                Ok(kept)
            }
            .boxed()
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<PushSubscription>> {
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {SUBSCRIPTION} FROM push_subscriptions WHERE user_id = $1 ORDER BY id DESC LIMIT $2"
                );
                let rows = client.query(&sql, &[&sql_id(user.0), &page(PAGE)]).await?;
                rows::all(&rows, |row| subscription(row, 0))
            }
            .boxed()
        })
    }

    fn remove(&self, user: UserId, id: PushSubscriptionId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM push_subscriptions WHERE user_id = $1 AND id = $2";
                Ok(client.execute(sql, &[&sql_id(user.0), &sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn enqueue(&self, notice: NoticeId, now_ms: u64) -> StoreFuture<Option<u64>> {
        self.run(move |client| {
            async move {
                let (id, now) = (sql_id(notice.0), checked_ms(now_ms)?);
                let transaction = client.transaction().await?;
                // It waits for another node that queues the same notice.
                let sql = "UPDATE notices SET push_queued = true WHERE id = $1 AND NOT push_queued RETURNING audience";
                let Some(row) = transaction.query_opt(sql, &[&id]).await? else { return Ok(None) };
                let audience = value::<&str>(&row, 0)?.parse().map_err(|_| damaged("audience"))?;
                let (roles, user) = readers(audience);
                // A subscription that goes at this moment is passed over, not waited for in vain.
                let sql = "INSERT INTO push_deliveries (notice_id, subscription_id, next_ms)
                    SELECT $1, push_subscriptions.id, $2 FROM push_subscriptions
                        JOIN users ON users.id = push_subscriptions.user_id
                        WHERE users.disabled_ms IS NULL AND ($3::bigint IS NULL OR users.id = $3)
                            AND users.role = ANY ($4)
                            AND (SELECT count(*) FROM push_deliveries
                                WHERE subscription_id = push_subscriptions.id) < $5
                        ORDER BY push_subscriptions.id FOR KEY SHARE OF push_subscriptions";
                let waiting = transaction.execute(sql, &[&id, &now, &user, &roles, &page(PUSH_WAITING)]).await?;
                transaction.commit().await?;
                Ok(Some(waiting))
            }
            .boxed()
        })
    }

    fn due_services(&self, now_ms: u64) -> StoreFuture<Vec<String>> {
        self.run(move |client| {
            async move {
                let sql = "SELECT DISTINCT service FROM push_deliveries
                    JOIN push_subscriptions ON push_subscriptions.id = subscription_id
                    WHERE next_ms <= $1 ORDER BY service LIMIT $2";
                let statement = client.prepare_cached(sql).await?;
                let rows = client.query(&statement, &[&sql_id(now_ms), &page(PAGE)]).await?;
                rows::all(&rows, |row| value(row, 0))
            }
            .boxed()
        })
    }

    fn claim(
        &self,
        service: &str,
        now_ms: u64,
        until_ms: u64,
        limit: usize,
    ) -> StoreFuture<Vec<PushDelivery>> {
        let service = service.to_owned();
        self.run(move |client| {
            async move {
                let (now, until) = (checked_ms(now_ms)?, checked_ms(until_ms)?);
                let sql = format!(
                    "WITH due AS MATERIALIZED (
                        SELECT notice_id, subscription_id, next_ms FROM push_deliveries
                            JOIN push_subscriptions ON push_subscriptions.id = subscription_id
                            WHERE next_ms <= $1 AND service = $2
                            ORDER BY next_ms, notice_id, subscription_id LIMIT $4
                            FOR UPDATE OF push_deliveries SKIP LOCKED
                    ), claimed AS (
                        UPDATE push_deliveries SET attempts = attempts + 1, next_ms = $3 FROM due
                            WHERE push_deliveries.notice_id = due.notice_id
                                AND push_deliveries.subscription_id = due.subscription_id
                            RETURNING push_deliveries.notice_id, push_deliveries.subscription_id,
                                push_deliveries.attempts, due.next_ms AS due_ms
                    )
                    SELECT {NOTICE}, {SUBSCRIPTION}, {USER}, claimed.attempts, EXISTS
                        (SELECT 1 FROM notice_reads WHERE notice_reads.notice_id = notices.id
                            AND notice_reads.user_id = users.id)
                        FROM claimed JOIN notices ON notices.id = claimed.notice_id
                        JOIN push_subscriptions ON push_subscriptions.id = claimed.subscription_id
                        JOIN users ON users.id = push_subscriptions.user_id
                        ORDER BY claimed.due_ms, claimed.notice_id, claimed.subscription_id"
                );
                let rows = client.query(&sql, &[&now, &service, &until, &page(limit)]).await?;
                rows::all(&rows, delivery)
            }
            .boxed()
        })
    }

    fn settle(&self, claim: PushClaim, settlement: PushSettlement, now_ms: u64) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                if let PushSettlement::Again { failure, .. } | PushSettlement::GivenUp { failure } =
                    &settlement
                {
                    checked_push_failure(failure)?;
                }
                let now = checked_ms(now_ms)?;
                let transaction = client.transaction().await?;
                let sql = "SELECT 1 FROM push_subscriptions WHERE id = $1 FOR UPDATE";
                transaction.query_opt(sql, &[&sql_id(claim.subscription.0)]).await?;
                let is_settled = settle(&transaction, claim, settlement, now).await?;
                transaction.commit().await?;
                Ok(is_settled)
            }
            .boxed()
        })
    }

    fn drop_overdue(&self, now_ms: u64, created_before_ms: u64) -> StoreFuture<u64> {
        self.run(move |client| {
            async move {
                // Rows that another node works on just now are left to it, or to the next time.
                let sql = "DELETE FROM push_deliveries WHERE (notice_id, subscription_id) IN
                    (SELECT notice_id, subscription_id FROM push_deliveries
                        JOIN notices ON notices.id = notice_id
                        WHERE expires_ms <= $1 OR created_ms < $2 FOR UPDATE OF push_deliveries SKIP LOCKED)";
                Ok(client.execute(sql, &[&sql_id(now_ms), &sql_id(created_before_ms)]).await?)
            }
            .boxed()
        })
    }
}
