//! Users, their passwords and second factors.

use common::role::Role;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use store::{
    NewUser, PasswordHash, SecretHash, SessionId, StoreError, StoreFuture, TotpSecret, User, UserId,
    UserStore, checked_codes, checked_ms, checked_password, checked_totp, page,
};

use super::{
    columns::{number, optional, sql, word},
    session_rows::delete_of_user,
};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`user`] reads. Joins name the table so.
pub(super) const USER: &str = "users.id, users.name, users.role, users.created_ms, users.disabled_ms, \
                               users.password, users.totp, users.totp_step";

/// Reads a user from the columns of [`USER`], which begin at `first`.
pub(super) fn user(row: &Row<'_>, first: usize) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(number(row, first)?),
        name: row.get(first + 1)?,
        role: word(row, first + 2)?,
        created_ms: number(row, first + 3)?,
        disabled_ms: optional(row, first + 4)?,
        password: row.get::<_, Option<String>>(first + 5)?.map(PasswordHash),
        totp: row.get::<_, Option<Vec<u8>>>(first + 6)?.map(TotpSecret),
        totp_step: optional(row, first + 7)?,
    })
}

/// Adds a user.
pub(super) fn insert(connection: &Connection, new: &NewUser) -> WorkResult<User> {
    let sql = format!(
        "INSERT INTO users (name, name_key, role, created_ms, password) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING {USER}"
    );
    let password = new.password.as_ref().map(|hash| &hash.0);
    let values = params![new.name, new.name_key, new.role.as_str(), checked_ms(new.created_ms)?, password];
    Ok(connection.prepare_cached(&sql)?.query_row(values, |row| user(row, 0))?)
}

fn find(connection: &Connection, condition: &str, values: impl Params) -> WorkResult<Option<User>> {
    let sql = format!("SELECT {USER} FROM users WHERE {condition}");
    Ok(connection.prepare_cached(&sql)?.query_row(values, |row| user(row, 0)).optional()?)
}

fn any(connection: &Connection) -> WorkResult<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?)
}

/// Changes one user; an error where there is none.
fn update(connection: &Connection, changes: &str, values: impl Params) -> WorkResult<()> {
    let sql = format!("UPDATE users SET {changes} WHERE id = ?1");
    match connection.prepare_cached(&sql)?.execute(values)? {
        0 => Err(StoreError::NotFound.into()),
        _ => Ok(()),
    }
}

fn active_admins(connection: &Connection) -> WorkResult<i64> {
    let sql = "SELECT count(*) FROM users WHERE role = 'admin' AND disabled_ms IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Changes one user, unless that takes the last active admin away.
fn update_rights(connection: &Connection, changes: &str, values: impl Params) -> WorkResult<()> {
    let before = active_admins(connection)?;
    update(connection, changes, values)?;
    let is_last = before > 0 && active_admins(connection)? == 0;
    if is_last { Err(StoreError::LastAdmin.into()) } else { Ok(()) }
}

fn replace_codes(connection: &Connection, id: UserId, codes: &[SecretHash]) -> WorkResult<()> {
    connection.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [sql(id.0)])?;
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO recovery_codes (user_id, hash) VALUES (?1, ?2)")?;
    for code in codes {
        insert.execute(params![sql(id.0), code.0])?;
    }
    Ok(())
}

impl UserStore for SqliteStore {
    fn create(&self, new: NewUser) -> StoreFuture<User> {
        self.write(move |connection| {
            new.check()?;
            insert(connection, &new)
        })
    }

    fn create_first(&self, new: NewUser) -> StoreFuture<Option<User>> {
        self.write(move |connection| {
            new.check()?;
            if any(connection)? { Ok(None) } else { insert(connection, &new).map(Some) }
        })
    }

    fn any(&self) -> StoreFuture<bool> {
        self.read(any)
    }

    fn by_id(&self, id: UserId) -> StoreFuture<Option<User>> {
        self.read(move |connection| find(connection, "id = ?1", [sql(id.0)]))
    }

    fn by_name_key(&self, name_key: &str) -> StoreFuture<Option<User>> {
        let name_key = name_key.to_owned();
        self.read(move |connection| find(connection, "name_key = ?1", [name_key]))
    }

    fn list(&self, after: Option<UserId>, limit: usize) -> StoreFuture<Vec<User>> {
        self.read(move |connection| {
            let select = format!("SELECT {USER} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2");
            let mut select = connection.prepare_cached(&select)?;
            let values = [after.map_or(0, |id| sql(id.0)), page(limit)];
            let users = select.query_map(values, |row| user(row, 0))?;
            Ok(users.collect::<Result<_, _>>()?)
        })
    }

    fn set_password(
        &self,
        id: UserId,
        hash: PasswordHash,
        except: Option<SessionId>,
    ) -> StoreFuture<Vec<SessionId>> {
        self.write(move |connection| {
            checked_password(&hash)?;
            update(connection, "password = ?2", params![sql(id.0), hash.0])?;
            delete_of_user(connection, id, except)
        })
    }

    fn set_role(&self, id: UserId, role: Role) -> StoreFuture<()> {
        self.write(move |connection| {
            update_rights(connection, "role = ?2", params![sql(id.0), role.as_str()])
        })
    }

    fn set_disabled(&self, id: UserId, disabled_ms: Option<u64>) -> StoreFuture<()> {
        self.write(move |connection| {
            let disabled_ms = disabled_ms.map(checked_ms).transpose()?;
            update_rights(connection, "disabled_ms = ?2", params![sql(id.0), disabled_ms])?;
            if disabled_ms.is_some() {
                delete_of_user(connection, id, None)?;
            }
            Ok(())
        })
    }

    fn set_totp(&self, id: UserId, secret: Option<TotpSecret>) -> StoreFuture<()> {
        self.write(move |connection| {
            secret.as_ref().map_or(Ok(()), checked_totp)?;
            if secret.is_none() {
                replace_codes(connection, id, &[])?;
            }
            let key = secret.map(|secret| secret.0);
            update(connection, "totp = ?2, totp_step = NULL", params![sql(id.0), key])
        })
    }

    fn turn_totp_on(
        &self,
        id: UserId,
        secret: TotpSecret,
        step: u64,
        codes: Vec<SecretHash>,
    ) -> StoreFuture<bool> {
        self.write(move |connection| {
            checked_totp(&secret)?;
            checked_codes(&codes)?;
            let user = find(connection, "id = ?1", [sql(id.0)])?.ok_or(StoreError::NotFound)?;
            if user.totp.is_some() && user.totp_step.is_some() {
                return Ok(false);
            }
            let values = params![sql(id.0), secret.0, checked_ms(step)?];
            update(connection, "totp = ?2, totp_step = ?3", values)?;
            replace_codes(connection, id, &codes)?;
            Ok(true)
        })
    }

    fn take_totp_step(&self, id: UserId, step: u64) -> StoreFuture<bool> {
        self.write(move |connection| {
            let update = "UPDATE users SET totp_step = ?2 \
                          WHERE id = ?1 AND totp IS NOT NULL AND (totp_step IS NULL OR totp_step < ?2)";
            Ok(connection.prepare_cached(update)?.execute([sql(id.0), checked_ms(step)?])? == 1)
        })
    }

    fn set_recovery_codes(&self, id: UserId, codes: Vec<SecretHash>) -> StoreFuture<()> {
        self.write(move |connection| {
            checked_codes(&codes)?;
            find(connection, "id = ?1", [sql(id.0)])?.ok_or(StoreError::NotFound)?;
            replace_codes(connection, id, &codes)
        })
    }

    fn take_recovery_code(&self, id: UserId, code: SecretHash) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM recovery_codes WHERE user_id = ?1 AND hash = ?2";
            Ok(connection.prepare_cached(delete)?.execute(params![sql(id.0), code.0])? == 1)
        })
    }

    fn recovery_codes_left(&self, id: UserId) -> StoreFuture<usize> {
        self.read(move |connection| {
            let count = "SELECT count(*) FROM recovery_codes WHERE user_id = ?1";
            let left: i64 = connection.prepare_cached(count)?.query_row([sql(id.0)], |row| row.get(0))?;
            Ok(usize::try_from(left).unwrap_or(0))
        })
    }
}
