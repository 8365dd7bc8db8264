//! Identities.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{Identity, IdentityStore, NewUser, StoreError, StoreFuture, User, UserId, checked_ms};

use super::{
    columns::{number, sql},
    users::{USER, insert, user},
};
use crate::{SqliteStore, error::WorkResult};

fn identity(row: &Row<'_>) -> rusqlite::Result<Identity> {
    Ok(Identity { issuer: row.get(0)?, subject: row.get(1)? })
}

fn of_user(connection: &Connection, user: UserId) -> WorkResult<Vec<Identity>> {
    let select = "SELECT issuer, subject FROM identities WHERE user_id = ?1 ORDER BY issuer, subject";
    let mut select = connection.prepare_cached(select)?;
    let identities = select.query_map([sql(user.0)], identity)?;
    Ok(identities.collect::<Result<_, _>>()?)
}

fn owner(connection: &Connection, identity: &Identity) -> WorkResult<Option<UserId>> {
    let select = "SELECT user_id FROM identities WHERE issuer = ?1 AND subject = ?2";
    let mut select = connection.prepare_cached(select)?;
    let values = params![identity.issuer, identity.subject];
    Ok(select.query_row(values, |row| number(row, 0).map(UserId)).optional()?)
}

fn add(connection: &Connection, identity: &Identity, user: UserId, now_ms: u64) -> WorkResult<()> {
    let insert = "INSERT INTO identities (issuer, subject, user_id, created_ms) VALUES (?1, ?2, ?3, ?4)";
    let values = params![identity.issuer, identity.subject, sql(user.0), checked_ms(now_ms)?];
    connection.prepare_cached(insert)?.execute(values)?;
    Ok(())
}

impl IdentityStore for SqliteStore {
    fn user(&self, identity: &Identity) -> StoreFuture<Option<User>> {
        let Identity { issuer, subject } = identity.clone();
        self.read(move |connection| {
            let select = format!(
                "SELECT {USER} FROM identities JOIN users ON users.id = identities.user_id \
                 WHERE issuer = ?1 AND subject = ?2"
            );
            let mut select = connection.prepare_cached(&select)?;
            Ok(select.query_row([issuer, subject], |row| user(row, 0)).optional()?)
        })
    }

    fn create_user(&self, identity: Identity, new: NewUser) -> StoreFuture<User> {
        self.write(move |connection| {
            identity.check()?;
            new.check()?;
            if owner(connection, &identity)?.is_some() {
                return Err(StoreError::IdentityTaken.into());
            }
            let user = insert(connection, &new)?;
            add(connection, &identity, user.id, new.created_ms)?;
            Ok(user)
        })
    }

    fn bind(&self, identity: Identity, user: UserId, now_ms: u64) -> StoreFuture<()> {
        self.write(move |connection| {
            identity.check()?;
            match owner(connection, &identity)? {
                Some(owner) if owner == user => Ok(()),
                Some(_) => Err(StoreError::IdentityTaken.into()),
                None => add(connection, &identity, user, now_ms),
            }
        })
    }

    fn unbind(&self, user: UserId) -> StoreFuture<Vec<Identity>> {
        self.write(move |connection| {
            let gone = of_user(connection, user)?;
            connection.execute("DELETE FROM identities WHERE user_id = ?1", [sql(user.0)])?;
            Ok(gone)
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Identity>> {
        self.read(move |connection| of_user(connection, user))
    }
}
