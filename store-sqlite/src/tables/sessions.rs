//! Sessions.

use rusqlite::{OptionalExtension, Row, params};
use store::{
    NewSession, SESSIONS, SecretHash, Session, SessionId, SessionStore, StoreError, StoreFuture, User,
    UserId, checked_ms, page,
};

use super::{
    columns::{number, sql},
    session_rows::{delete, delete_of_user},
    users::{USER, user},
};
use crate::SqliteStore;

/// The columns that [`session`] reads.
const SESSION: &str = "sessions.id, sessions.user_id, sessions.created_ms, sessions.expires_ms, sessions.seen_ms, \
                       sessions.address, sessions.agent";
/// The number of these columns.
const WIDTH: usize = 7;

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        created_ms: number(row, 2)?,
        expires_ms: number(row, 3)?,
        seen_ms: number(row, 4)?,
        address: row.get(5)?,
        agent: row.get(6)?,
    })
}

impl SessionStore for SqliteStore {
    fn create(&self, new: NewSession) -> StoreFuture<Session> {
        self.write(move |connection| {
            new.check()?;
            let insert = format!(
                "INSERT INTO sessions (user_id, secret, created_ms, expires_ms, seen_ms, address, agent) \
                 SELECT id, ?2, ?3, ?4, ?3, ?5, ?6 FROM users \
                 WHERE id = ?1 AND disabled_ms IS NULL AND (?7 IS NULL OR password = ?7) RETURNING {SESSION}"
            );
            let (created_ms, expires_ms) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
            let password = new.password.map(|hash| hash.0);
            let values = params![
                sql(new.user.0),
                new.secret.0,
                created_ms,
                expires_ms,
                new.address,
                new.agent,
                password
            ];
            let begun = connection.prepare_cached(&insert)?.query_row(values, session).optional()?;
            let begun = begun.ok_or(StoreError::NotFound)?;
            let oldest = "user_id = ?1 AND id <= \
                          (SELECT id FROM sessions WHERE user_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            delete(connection, oldest, [sql(new.user.0), page(SESSIONS)])?;
            Ok(begun)
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Session, User)>> {
        let secret = *secret;
        self.read(move |connection| {
            let select = format!(
                "SELECT {SESSION}, {USER} FROM sessions JOIN users ON users.id = sessions.user_id WHERE secret = ?1"
            );
            let mut select = connection.prepare_cached(&select)?;
            Ok(select.query_row([secret.0], |row| Ok((session(row)?, user(row, WIDTH)?))).optional()?)
        })
    }

    fn touch(&self, id: SessionId, seen_ms: u64) -> StoreFuture<bool> {
        self.write(move |connection| {
            let update = "UPDATE sessions SET seen_ms = max(seen_ms, ?2) WHERE id = ?1";
            Ok(connection.prepare_cached(update)?.execute([sql(id.0), checked_ms(seen_ms)?])? == 1)
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Session>> {
        self.read(move |connection| {
            let select = format!(
                "SELECT {SESSION} FROM sessions WHERE user_id = ?1 ORDER BY id DESC LIMIT {}",
                store::PAGE
            );
            let mut select = connection.prepare_cached(&select)?;
            let sessions = select.query_map([sql(user.0)], session)?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
    }

    fn revoke(&self, id: SessionId) -> StoreFuture<bool> {
        self.write(move |connection| Ok(!delete(connection, "id = ?1", [sql(id.0)])?.is_empty()))
    }

    fn revoke_of_user(&self, user: UserId, except: Option<SessionId>) -> StoreFuture<Vec<SessionId>> {
        self.write(move |connection| delete_of_user(connection, user, except))
    }

    fn sweep(&self, expired_before_ms: u64, idle_since_ms: u64) -> StoreFuture<Vec<SessionId>> {
        self.write(move |connection| {
            delete(
                connection,
                "expires_ms < ?1 OR seen_ms < ?2",
                [sql(expired_before_ms), sql(idle_since_ms)],
            )
        })
    }
}
