//! Watched hosts, and the codes by which their agents enrol.

use std::collections::HashSet;

use deadpool_postgres::Transaction;
use futures_util::FutureExt;
use store::{
    Enrolment, EnrolmentId, HOSTS, Host, HostNumber, HostSeen, HostStore, NewEnrolment, NewHost, PAGE,
    SecretHash, StoreError, StoreFuture, UserId, checked_ms, checked_room, checked_seen, page,
};
use tokio_postgres::Row;

use crate::{
    fault::Worked,
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, number, optional, sql_id, value},
};

/// The columns of [`host`].
const HOST: &str = "id, name, facts, enrolled_by, enrolled_ms, last_seen_ms";

/// The columns of [`enrolment`].
const ENROLMENT: &str = "id, created_by, created_ms, expires_ms";

/// The condition that a code's maker is an active admin, or that there is no admin at all where nobody made it.
const BY_ADMIN: &str =
    "CASE WHEN created_by IS NULL THEN NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin')
    ELSE created_by IN (SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL) END";

fn host(row: &Row) -> Worked<Host> {
    Ok(Host {
        id: HostNumber(number(row, 0)?),
        name: value(row, 1)?,
        facts: value(row, 2)?,
        enrolled_by: optional(row, 3)?.map(UserId),
        enrolled_ms: number(row, 4)?,
        last_seen_ms: optional(row, 5)?,
    })
}

fn enrolment(row: &Row) -> Worked<Enrolment> {
    Ok(Enrolment {
        id: EnrolmentId(number(row, 0)?),
        created_by: optional(row, 1)?.map(UserId),
        created_ms: number(row, 2)?,
        expires_ms: number(row, 3)?,
    })
}

/// Adds a host beside those that there are. The caller has the lock of hosts.
async fn insert(transaction: &Transaction<'_>, new: &NewHost, enrolled_by: Option<UserId>) -> Worked<Host> {
    let count = transaction.query_one("SELECT count(*) FROM hosts", &[]).await?;
    let sql = format!(
        "INSERT INTO hosts (name, secret, facts, enrolled_by, enrolled_ms) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING RETURNING {HOST}"
    );
    let (enrolled_by, enrolled) = (enrolled_by.map(|user| sql_id(user.0)), checked_ms(new.enrolled_ms)?);
    let row = transaction
        .query_opt(&sql, &[&new.name, &&new.secret.0[..], &new.facts, &enrolled_by, &enrolled])
        .await?;
    let made = host(&row.ok_or(StoreError::NameTaken)?)?;
    checked_room(number(&count, 0)?)?;
    Ok(made)
}

impl HostStore for PostgresStore {
    fn create_enrolment(&self, new: NewEnrolment) -> StoreFuture<Enrolment> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (created, expires) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
                let transaction = client.transaction().await?;
                // Rows that another call holds are left to it, so that no two wait for each other.
                let sql = "DELETE FROM enrolments WHERE id IN
                    (SELECT id FROM enrolments WHERE expires_ms <= $1 FOR UPDATE SKIP LOCKED)";
                transaction.execute(sql, &[&created]).await?;
                let sql = format!(
                    "INSERT INTO enrolments (secret, created_by, created_ms, expires_ms)
                        VALUES ($1, $2, $3, $4) RETURNING {ENROLMENT}"
                );
                let creator = new.created_by.map(|user| sql_id(user.0));
                let row =
                    transaction.query_one(&sql, &[&&new.secret.0[..], &creator, &created, &expires]).await?;
                let made = enrolment(&row)?;
                transaction.commit().await?;
                Ok(made)
            }
            .boxed()
        })
    }

    fn open_enrolments(&self, now_ms: u64) -> StoreFuture<Vec<Enrolment>> {
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {ENROLMENT} FROM enrolments WHERE expires_ms > $1 AND {BY_ADMIN}
                        ORDER BY id DESC LIMIT $2"
                );
                rows::all(&client.query(&sql, &[&sql_id(now_ms), &page(PAGE)]).await?, enrolment)
            }
            .boxed()
        })
    }

    fn revoke_enrolment(&self, id: EnrolmentId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM enrolments WHERE id = $1";
                Ok(client.execute(sql, &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn enrol(&self, code: SecretHash, new: NewHost) -> StoreFuture<Option<Host>> {
        self.run(move |client| {
            async move {
                new.check()?;
                let now = checked_ms(new.enrolled_ms)?;
                let transaction = client.transaction().await?;
                // The lock has nodes count the hosts one after the other.
                Lock::Hosts.take(&transaction).await?;
                // An error below brings the code back.
                let sql = format!(
                    "DELETE FROM enrolments WHERE secret = $1 AND expires_ms > $2 AND {BY_ADMIN} RETURNING {ENROLMENT}"
                );
                let Some(row) = transaction.query_opt(&sql, &[&&code.0[..], &now]).await? else {
                    return Ok(None);
                };
                let made = insert(&transaction, &new, enrolment(&row)?.created_by).await?;
                transaction.commit().await?;
                Ok(Some(made))
            }
            .boxed()
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Host>> {
        let secret = *secret;
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {HOST} FROM hosts WHERE secret = $1");
                let statement = client.prepare_cached(&sql).await?;
                let row = client.query_opt(&statement, &[&&secret.0[..]]).await?;
                row.map(|row| host(&row)).transpose()
            }
            .boxed()
        })
    }

    fn all(&self) -> StoreFuture<Vec<Host>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {HOST} FROM hosts ORDER BY name LIMIT $1");
                rows::all(&client.query(&sql, &[&page(HOSTS)]).await?, host)
            }
            .boxed()
        })
    }

    fn seen(&self, hosts: Vec<HostSeen>) -> StoreFuture<usize> {
        self.run(move |client| {
            async move {
                checked_seen(&hosts)?;
                let transaction = client.transaction().await?;
                // Rows are locked in one order, so that no two nodes wait for each other.
                let all: Vec<i64> = hosts.iter().map(|host| sql_id(host.id.0)).collect();
                let sql = "SELECT id FROM hosts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";
                transaction.execute(sql, &[&all]).await?;
                let mut noted = 0;
                let mut left = hosts;
                while !left.is_empty() {
                    let (reports, later) = firsts(left);
                    noted += note(&transaction, &reports).await?;
                    left = later;
                }
                transaction.commit().await?;
                Ok(noted)
            }
            .boxed()
        })
    }

    fn remove(&self, id: HostNumber) -> StoreFuture<bool> {
        self.run(move |client| {
            async move { Ok(client.execute("DELETE FROM hosts WHERE id = $1", &[&sql_id(id.0)]).await? == 1) }
                .boxed()
        })
    }
}

/// Splits off the first report of each host: one statement changes a row once.
fn firsts(reports: Vec<HostSeen>) -> (Vec<HostSeen>, Vec<HostSeen>) {
    let mut hosts = HashSet::new();
    reports.into_iter().partition(|report| hosts.insert(report.id))
}

/// Notes reports of hosts that differ. Returns how many were noted.
async fn note(transaction: &Transaction<'_>, reports: &[HostSeen]) -> Worked<usize> {
    let ids: Vec<i64> = reports.iter().map(|report| sql_id(report.id.0)).collect();
    let times: Vec<i64> = reports.iter().map(|report| sql_id(report.seen_ms)).collect();
    let facts: Vec<Option<&str>> = reports.iter().map(|report| report.facts.as_deref()).collect();
    let sql = "UPDATE hosts SET last_seen_ms = report.seen_ms, facts = coalesce(report.facts, hosts.facts)
        FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS report (id, seen_ms, facts)
        WHERE hosts.id = report.id AND coalesce(last_seen_ms, 0) <= report.seen_ms";
    let noted = transaction.execute(sql, &[&ids, &times, &facts]).await?;
    Ok(usize::try_from(noted).unwrap_or(usize::MAX))
}
