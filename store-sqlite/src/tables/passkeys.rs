//! Passkeys, and the challenges that were answered with one.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    AnsweredChallenge, NewPasskey, Passkey, PasskeyId, PasskeyStore, StoreError, StoreFuture, User, UserId,
    checked_credential, checked_ms, page,
};

use super::{
    columns::{number, optional, sql},
    users::{USER, user},
};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`passkey`] reads.
const PASSKEY: &str = "passkeys.id, passkeys.user_id, passkeys.name, passkeys.domain, passkeys.credential, \
                       passkeys.created_ms, passkeys.last_used_ms";
/// The number of these columns.
const WIDTH: usize = 7;

fn passkey(row: &Row<'_>) -> rusqlite::Result<Passkey> {
    Ok(Passkey {
        id: PasskeyId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        name: row.get(2)?,
        domain: row.get(3)?,
        credential: row.get(4)?,
        created_ms: number(row, 5)?,
        last_used_ms: optional(row, 6)?,
    })
}

/// Deletes passkeys and returns their numbers in order.
fn delete(connection: &Connection, condition: &str, value: i64) -> WorkResult<Vec<PasskeyId>> {
    let delete = format!("DELETE FROM passkeys WHERE {condition} RETURNING id");
    let mut delete = connection.prepare_cached(&delete)?;
    let ids = delete.query_map([value], |row| number(row, 0).map(PasskeyId))?;
    let mut ids: Vec<_> = ids.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

impl PasskeyStore for SqliteStore {
    fn create(&self, new: NewPasskey) -> StoreFuture<Passkey> {
        self.write(move |connection| {
            new.check()?;
            let insert = format!(
                "INSERT INTO passkeys (user_id, name, domain, credential_id, credential, created_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (credential_id) DO NOTHING RETURNING {PASSKEY}"
            );
            let (user, created_ms) = (sql(new.user.0), checked_ms(new.created_ms)?);
            let values = params![user, new.name, new.domain, new.credential_id, new.credential, created_ms];
            let made = connection.prepare_cached(&insert)?.query_row(values, passkey).optional()?;
            Ok(made.ok_or(StoreError::PasskeyTaken)?)
        })
    }

    fn by_credential(&self, credential_id: &[u8]) -> StoreFuture<Option<(Passkey, User)>> {
        let credential_id = credential_id.to_owned();
        self.read(move |connection| {
            let select = format!(
                "SELECT {PASSKEY}, {USER} FROM passkeys JOIN users ON users.id = passkeys.user_id \
                 WHERE credential_id = ?1"
            );
            let mut select = connection.prepare_cached(&select)?;
            let both = |row: &Row<'_>| Ok((passkey(row)?, user(row, WIDTH)?));
            Ok(select.query_row([credential_id], both).optional()?)
        })
    }

    fn take_answer(
        &self,
        id: PasskeyId,
        credential: String,
        challenge: AnsweredChallenge,
        now_ms: u64,
    ) -> StoreFuture<bool> {
        self.write(move |connection| {
            checked_credential(&credential)?;
            let (expires_ms, now_ms) = (checked_ms(challenge.expires_ms)?, checked_ms(now_ms)?);
            let forget = "DELETE FROM answered_challenges WHERE expires_ms <= ?1";
            connection.prepare_cached(forget)?.execute([now_ms])?;
            // A passkey that is gone leaves no trace of the challenge: nothing has to be undone then.
            let insert = "INSERT INTO answered_challenges (hash, expires_ms) \
                          SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM passkeys WHERE id = ?3) \
                          ON CONFLICT (hash) DO NOTHING";
            let values = params![challenge.hash.0, expires_ms, sql(id.0)];
            if connection.prepare_cached(insert)?.execute(values)? == 0 {
                return Ok(false);
            }
            let update = "UPDATE passkeys SET credential = ?2, last_used_ms = max(coalesce(last_used_ms, 0), ?3) \
                          WHERE id = ?1";
            Ok(connection.prepare_cached(update)?.execute(params![sql(id.0), credential, now_ms])? == 1)
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Passkey>> {
        self.read(move |connection| {
            let select =
                format!("SELECT {PASSKEY} FROM passkeys WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2");
            let mut select = connection.prepare_cached(&select)?;
            let passkeys = select.query_map([sql(user.0), page(store::PAGE)], passkey)?;
            Ok(passkeys.collect::<Result<_, _>>()?)
        })
    }

    fn remove(&self, id: PasskeyId) -> StoreFuture<bool> {
        self.write(move |connection| Ok(!delete(connection, "id = ?1", sql(id.0))?.is_empty()))
    }

    fn remove_of_user(&self, user: UserId) -> StoreFuture<Vec<PasskeyId>> {
        self.write(move |connection| delete(connection, "user_id = ?1", sql(user.0)))
    }
}
