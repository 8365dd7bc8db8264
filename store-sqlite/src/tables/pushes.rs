//! Push subscriptions, and the notices that wait for them.

use common::{notice::NoticeAudience, role::Role};
use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    NewPushSubscription, NoticeId, PUSH_SUBSCRIPTIONS, PUSH_WAITING, PushClaim, PushDelivery, PushSettlement,
    PushStore, PushSubscription, PushSubscriptionId, StoreFuture, UserId, checked_ms, checked_push_failure,
    page,
};

use super::{
    columns::{number, optional, sql, word},
    notices::{self, NOTICE, notice},
    users::{USER, user},
};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`subscription`] reads.
const SUBSCRIPTION: &str = "push_subscriptions.id, push_subscriptions.user_id, push_subscriptions.endpoint, \
                            push_subscriptions.service, push_subscriptions.p256dh, push_subscriptions.auth, \
                            push_subscriptions.agent, push_subscriptions.created_ms, \
                            push_subscriptions.delivered_ms, push_subscriptions.failed_ms, \
                            push_subscriptions.failure";
/// The number of these columns.
const WIDTH: usize = 11;

/// Reads a subscription from the columns that begin at `first`.
fn subscription(row: &Row<'_>, first: usize) -> rusqlite::Result<PushSubscription> {
    let given = NewPushSubscription {
        user: UserId(number(row, first + 1)?),
        endpoint: row.get(first + 2)?,
        service: row.get(first + 3)?,
        p256dh: row.get(first + 4)?,
        auth: row.get(first + 5)?,
        agent: row.get(first + 6)?,
        created_ms: number(row, first + 7)?,
    };
    Ok(PushSubscription {
        id: PushSubscriptionId(number(row, first)?),
        given,
        delivered_ms: optional(row, first + 8)?,
        failed_ms: optional(row, first + 9)?,
        failure: row.get(first + 10)?,
    })
}

/// Writes the roles of an audience as the JSON array that `json_each` reads, and the user where it is one.
fn readers(audience: NoticeAudience) -> (String, Option<i64>) {
    let (least, user) = match audience {
        NoticeAudience::All => (Role::Viewer, None),
        NoticeAudience::Role(least) => (least, None),
        NoticeAudience::User(user) => (Role::Viewer, Some(sql(user))),
    };
    let roles: Vec<_> =
        Role::ALL.iter().filter(|role| **role >= least).map(|role| format!("\"{role}\"")).collect();
    (format!("[{}]", roles.join(",")), user)
}

/// Counts a due row as claimed and reads all that is sent of it.
fn claimed(connection: &Connection, key: (i64, i64), until_ms: i64) -> WorkResult<PushDelivery> {
    let update = "UPDATE push_deliveries SET attempts = attempts + 1, next_ms = ?3 \
                  WHERE notice_id = ?1 AND subscription_id = ?2";
    connection.prepare_cached(update)?.execute(params![key.0, key.1, until_ms])?;
    let select = format!(
        "SELECT {NOTICE}, {SUBSCRIPTION}, {USER}, attempts, EXISTS \
         (SELECT 1 FROM notice_reads WHERE notice_id = notices.id AND user_id = users.id) \
         FROM push_deliveries JOIN notices ON notices.id = notice_id \
         JOIN push_subscriptions ON push_subscriptions.id = subscription_id \
         JOIN users ON users.id = push_subscriptions.user_id WHERE notice_id = ?1 AND subscription_id = ?2"
    );
    let read = |row: &Row<'_>| {
        let of_user = notices::WIDTH + WIDTH;
        let subscription = subscription(row, notices::WIDTH)?;
        let notice = notice(row)?;
        let attempts = number(row, of_user + 8)?;
        let claim = PushClaim { notice: notice.id, subscription: subscription.id, attempts };
        let (user, is_read) = (user(row, of_user)?, row.get(of_user + 9)?);
        Ok(PushDelivery { claim, notice, subscription, user, is_read })
    };
    Ok(connection.prepare_cached(&select)?.query_row([key.0, key.1], read)?)
}

/// Notes at a subscription that a message was not taken.
fn note_failure(
    connection: &Connection,
    id: PushSubscriptionId,
    failure: &str,
    now_ms: i64,
) -> WorkResult<()> {
    let update =
        "UPDATE push_subscriptions SET failed_ms = coalesce(failed_ms, ?2), failure = ?3 WHERE id = ?1";
    connection.prepare_cached(update)?.execute(params![sql(id.0), now_ms, failure])?;
    Ok(())
}

impl PushStore for SqliteStore {
    fn subscribe(&self, new: NewPushSubscription) -> StoreFuture<PushSubscription> {
        self.write(move |connection| {
            new.check()?;
            let (owner, created_ms) = (sql(new.user.0), checked_ms(new.created_ms)?);
            let other = "DELETE FROM push_subscriptions WHERE endpoint = ?1 AND user_id <> ?2";
            connection.prepare_cached(other)?.execute(params![new.endpoint, owner])?;
            let insert = format!(
                "INSERT INTO push_subscriptions (user_id, endpoint, service, p256dh, auth, agent, created_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (endpoint) DO UPDATE SET \
                 service = excluded.service, p256dh = excluded.p256dh, auth = excluded.auth, \
                 agent = excluded.agent, created_ms = excluded.created_ms, failed_ms = NULL, failure = '' \
                 RETURNING {SUBSCRIPTION}"
            );
            let NewPushSubscription { endpoint, service, p256dh, auth, agent, .. } = new;
            let values = params![owner, endpoint, service, p256dh, auth, agent, created_ms];
            let kept = connection.prepare_cached(&insert)?.query_row(values, |row| subscription(row, 0))?;
            let oldest = "DELETE FROM push_subscriptions WHERE user_id = ?1 AND id <> ?3 AND id <= \
                          (SELECT id FROM push_subscriptions WHERE user_id = ?1 AND id <> ?3 \
                           ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            let others = page(PUSH_SUBSCRIPTIONS - 1);
            connection.prepare_cached(oldest)?.execute([owner, others, sql(kept.id.0)])?;
            Ok(kept)
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<PushSubscription>> {
        self.read(move |connection| {
            let select = format!(
                "SELECT {SUBSCRIPTION} FROM push_subscriptions WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2"
            );
            let mut select = connection.prepare_cached(&select)?;
            let all = select.query_map([sql(user.0), page(store::PAGE)], |row| subscription(row, 0))?;
            Ok(all.collect::<Result<_, _>>()?)
        })
    }

    fn remove(&self, user: UserId, id: PushSubscriptionId) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM push_subscriptions WHERE user_id = ?1 AND id = ?2";
            Ok(connection.prepare_cached(delete)?.execute([sql(user.0), sql(id.0)])? == 1)
        })
    }

    fn enqueue(&self, notice: NoticeId, now_ms: u64) -> StoreFuture<Option<u64>> {
        self.write(move |connection| {
            let now_ms = checked_ms(now_ms)?;
            let queue =
                "UPDATE notices SET push_queued = 1 WHERE id = ?1 AND push_queued = 0 RETURNING audience";
            let mut queue = connection.prepare_cached(queue)?;
            let audience =
                queue.query_row([sql(notice.0)], |row| word::<NoticeAudience>(row, 0)).optional()?;
            let Some(audience) = audience else { return Ok(None) };
            let insert = "INSERT INTO push_deliveries (notice_id, subscription_id, next_ms) \
                          SELECT ?1, push_subscriptions.id, ?2 FROM push_subscriptions \
                          JOIN users ON users.id = push_subscriptions.user_id \
                          WHERE users.disabled_ms IS NULL AND (?3 IS NULL OR users.id = ?3) \
                          AND users.role IN (SELECT value FROM json_each(?4)) \
                          AND (SELECT count(*) FROM push_deliveries \
                               WHERE subscription_id = push_subscriptions.id) < ?5";
            let (roles, user) = readers(audience);
            let values = params![sql(notice.0), now_ms, user, roles, page(PUSH_WAITING)];
            Ok(Some(connection.prepare_cached(insert)?.execute(values)? as u64))
        })
    }

    fn due_services(&self, now_ms: u64) -> StoreFuture<Vec<String>> {
        self.read(move |connection| {
            let select = "SELECT DISTINCT service FROM push_deliveries \
                          JOIN push_subscriptions ON push_subscriptions.id = subscription_id \
                          WHERE next_ms <= ?1 ORDER BY service LIMIT ?2";
            let mut select = connection.prepare_cached(select)?;
            let services = select.query_map([sql(now_ms), page(store::PAGE)], |row| row.get(0))?;
            Ok(services.collect::<Result<_, _>>()?)
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
        self.write(move |connection| {
            let (now_ms, until_ms) = (checked_ms(now_ms)?, checked_ms(until_ms)?);
            let due = "SELECT notice_id, subscription_id FROM push_deliveries \
                       JOIN push_subscriptions ON push_subscriptions.id = subscription_id \
                       WHERE next_ms <= ?1 AND service = ?2 ORDER BY next_ms, notice_id, subscription_id LIMIT ?3";
            let mut due = connection.prepare_cached(due)?;
            let keys = due.query_map(params![now_ms, service, page(limit)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let keys: Vec<(i64, i64)> = keys.collect::<Result<_, _>>()?;
            keys.into_iter().map(|key| claimed(connection, key, until_ms)).collect()
        })
    }

    fn settle(&self, claim: PushClaim, settlement: PushSettlement, now_ms: u64) -> StoreFuture<bool> {
        self.write(move |connection| {
            let now_ms = checked_ms(now_ms)?;
            let PushClaim { notice, subscription, attempts } = claim;
            let key = [sql(notice.0), sql(subscription.0), sql(attempts)];
            let change = |statement: &str| -> WorkResult<bool> {
                let condition = "notice_id = ?1 AND subscription_id = ?2 AND attempts = ?3";
                let statement = format!("{statement} WHERE {condition}");
                Ok(connection.prepare_cached(&statement)?.execute(key)? == 1)
            };
            if let PushSettlement::Again { next_ms, failure } = settlement {
                checked_push_failure(&failure)?;
                let next_ms = checked_ms(next_ms)?;
                let is_held = change(&format!("UPDATE push_deliveries SET next_ms = {next_ms}"))?;
                if is_held {
                    note_failure(connection, subscription, &failure, now_ms)?;
                }
                return Ok(is_held);
            }
            if let PushSettlement::GivenUp { failure } = &settlement {
                checked_push_failure(failure)?;
            }
            if !change("DELETE FROM push_deliveries")? {
                return Ok(false);
            }
            match settlement {
                PushSettlement::Delivered => {
                    let update = "UPDATE push_subscriptions SET delivered_ms = max(coalesce(delivered_ms, 0), ?2), \
                                  failed_ms = NULL, failure = '' WHERE id = ?1";
                    connection.prepare_cached(update)?.execute([sql(subscription.0), now_ms])?;
                }
                PushSettlement::GivenUp { failure } => note_failure(connection, subscription, &failure, now_ms)?,
                PushSettlement::Gone => {
                    let delete = "DELETE FROM push_subscriptions WHERE id = ?1";
                    connection.prepare_cached(delete)?.execute([sql(subscription.0)])?;
                }
                PushSettlement::NotNeeded | PushSettlement::Again { .. } => {}
            }
            Ok(true)
        })
    }

    fn drop_overdue(&self, now_ms: u64, created_before_ms: u64) -> StoreFuture<u64> {
        self.write(move |connection| {
            let delete = "DELETE FROM push_deliveries WHERE notice_id IN \
                          (SELECT id FROM notices WHERE expires_ms <= ?1 OR created_ms < ?2)";
            let values = [sql(now_ms), sql(created_before_ms)];
            Ok(connection.prepare_cached(delete)?.execute(values)? as u64)
        })
    }
}
