//! Watched hosts, and the codes by which their agents enrol.

use rusqlite::{OptionalExtension, Row, params};
use store::{
    Enrolment, EnrolmentId, HOSTS, Host, HostNumber, HostSeen, HostStore, NewEnrolment, NewHost, SecretHash,
    StoreError, StoreFuture, UserId, checked_ms, checked_room, checked_seen, page,
};

use super::columns::{number, optional, sql};
use crate::SqliteStore;

/// The columns that [`host`] reads.
const HOST: &str = "id, name, facts, enrolled_by, enrolled_ms, last_seen_ms";

/// The columns that [`enrolment`] reads.
const ENROLMENT: &str = "id, created_by, created_ms, expires_ms";

/// The condition that a code's maker is an active admin, or that there is no admin at all where nobody made it.
const BY_ADMIN: &str = "CASE WHEN created_by IS NULL THEN NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin') \
                        ELSE created_by IN (SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL) END";

fn host(row: &Row<'_>) -> rusqlite::Result<Host> {
    Ok(Host {
        id: HostNumber(number(row, 0)?),
        name: row.get(1)?,
        facts: row.get(2)?,
        enrolled_by: optional(row, 3)?.map(UserId),
        enrolled_ms: number(row, 4)?,
        last_seen_ms: optional(row, 5)?,
    })
}

fn enrolment(row: &Row<'_>) -> rusqlite::Result<Enrolment> {
    Ok(Enrolment {
        id: EnrolmentId(number(row, 0)?),
        created_by: optional(row, 1)?.map(UserId),
        created_ms: number(row, 2)?,
        expires_ms: number(row, 3)?,
    })
}

impl HostStore for SqliteStore {
    fn create_enrolment(&self, new: NewEnrolment) -> StoreFuture<Enrolment> {
        self.write(move |connection| {
            new.check()?;
            let (created_ms, expires_ms) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
            let forget = "DELETE FROM enrolments WHERE expires_ms <= ?1";
            connection.prepare_cached(forget)?.execute([created_ms])?;
            let insert = format!(
                "INSERT INTO enrolments (secret, created_by, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4) \
                 RETURNING {ENROLMENT}"
            );
            let created_by = new.created_by.map(|user| sql(user.0));
            let values = params![new.secret.0, created_by, created_ms, expires_ms];
            Ok(connection.prepare_cached(&insert)?.query_row(values, enrolment)?)
        })
    }

    fn open_enrolments(&self, now_ms: u64) -> StoreFuture<Vec<Enrolment>> {
        self.read(move |connection| {
            let select = format!(
                "SELECT {ENROLMENT} FROM enrolments WHERE expires_ms > ?1 AND {BY_ADMIN} \
                 ORDER BY id DESC LIMIT ?2"
            );
            let mut select = connection.prepare_cached(&select)?;
            let open = select.query_map([sql(now_ms), page(store::PAGE)], enrolment)?;
            Ok(open.collect::<Result<_, _>>()?)
        })
    }

    fn revoke_enrolment(&self, id: EnrolmentId) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM enrolments WHERE id = ?1";
            Ok(connection.prepare_cached(delete)?.execute([sql(id.0)])? == 1)
        })
    }

    fn enrol(&self, code: SecretHash, new: NewHost) -> StoreFuture<Option<Host>> {
        self.write(move |connection| {
            new.check()?;
            let enrolled_ms = checked_ms(new.enrolled_ms)?;
            // An error below brings the code back.
            let take = format!(
                "DELETE FROM enrolments WHERE secret = ?1 AND expires_ms > ?2 AND {BY_ADMIN} RETURNING {ENROLMENT}"
            );
            let mut take = connection.prepare_cached(&take)?;
            let taken = take.query_row(params![code.0, enrolled_ms], enrolment).optional()?;
            let Some(taken) = taken else { return Ok(None) };
            let insert = format!(
                "INSERT INTO hosts (name, secret, facts, enrolled_by, enrolled_ms) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT DO NOTHING RETURNING {HOST}"
            );
            let enrolled_by = taken.created_by.map(|user| sql(user.0));
            let values = params![new.name, new.secret.0, new.facts, enrolled_by, enrolled_ms];
            let made = connection.prepare_cached(&insert)?.query_row(values, host).optional()?;
            let made = made.ok_or(StoreError::NameTaken)?;
            let count = "SELECT count(*) FROM hosts WHERE id <> ?1";
            let others = connection.prepare_cached(count)?.query_row([sql(made.id.0)], |row| number(row, 0))?;
            checked_room(others)?;
            Ok(Some(made))
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Host>> {
        let secret = *secret;
        self.read(move |connection| {
            let select = format!("SELECT {HOST} FROM hosts WHERE secret = ?1");
            Ok(connection.prepare_cached(&select)?.query_row([secret.0], host).optional()?)
        })
    }

    fn all(&self) -> StoreFuture<Vec<Host>> {
        self.read(|connection| {
            let select = format!("SELECT {HOST} FROM hosts ORDER BY name LIMIT ?1");
            let mut select = connection.prepare_cached(&select)?;
            let hosts = select.query_map([page(HOSTS)], host)?;
            Ok(hosts.collect::<Result<_, _>>()?)
        })
    }

    fn seen(&self, hosts: Vec<HostSeen>) -> StoreFuture<usize> {
        self.write(move |connection| {
            checked_seen(&hosts)?;
            let update = "UPDATE hosts SET last_seen_ms = ?2, facts = coalesce(?3, facts) \
                          WHERE id = ?1 AND coalesce(last_seen_ms, 0) <= ?2";
            let mut update = connection.prepare_cached(update)?;
            let mut noted = 0;
            for HostSeen { id, seen_ms, facts } in hosts {
                noted += update.execute(params![sql(id.0), checked_ms(seen_ms)?, facts])?;
            }
            Ok(noted)
        })
    }

    fn remove(&self, id: HostNumber) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM hosts WHERE id = ?1";
            Ok(connection.prepare_cached(delete)?.execute([sql(id.0)])? == 1)
        })
    }
}
